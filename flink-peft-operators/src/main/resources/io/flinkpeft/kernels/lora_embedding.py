# LoRA on the word embeddings: y = E[ids] + scale * (A^T[ids]) B^T
#
# A is [r, vocabulary], B [width, r]; their site is the last one.
def embed(self, table: Tensor, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  site = len(adapters.scales) - 1
  own = torch.split_with_sizes(batch.ids, adapters.tokens_per_adapter)
  deltas = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    first = adapters.stride * i
    a = torch.t(adapters.params[first + adapters.param_index[site]])  # [vocabulary, r]
    b = adapters.params[first + adapters.param_index[len(adapters.scales) + site]]
    deltas.append(torch.linear(torch.embedding(a, own[i]), b))
  return torch.add(torch.embedding(table, batch.ids), torch.cat(deltas), alpha=adapters.scales[site])
