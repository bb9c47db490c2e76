# Causal language model: the negative log likelihood of each token that is a target, by the hidden
# state of the token before it. Logits exist at those tokens only.

def outputs(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters, classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.outputs)
  hidden = self.restored(hidden, batch.shares, base, adapters)
  own = torch.split_with_sizes(hidden, batch.shares)
  result = annotate(List[Tensor], [])
  for i in range(len(labels)):
    logits = self.vocabulary(own[i], base, self.only(i, batch.shares[i], adapters))  # [targets, v]
    result.append(torch.cross_entropy_loss(logits, labels[i], None, 0))
  return result

# One of the adapters, on rows of its own.
def only(self, i: int, rows: int, adapters: __torch__.Adapters) -> __torch__.Adapters:
  parts = torch.slice(adapters.parts, adapters.stride * i, adapters.stride * (i + 1), 1)
  seeds = torch.slice(adapters.seeds, i, i + 1, 1)
  return __torch__.Adapters(parts, adapters.stride, [rows], [1], adapters.head, adapters.slots, adapters.scales, adapters.numbers, adapters.dropout, seeds)

# The mean over the targets of one adapter's batch; weights are 1/targets.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  return torch.sum(torch.mul(output, weights))

# What follows: logits of the token after each output, then for each layer and attention group the
# keys and the values up to here, which the next call takes as past.
def next(self, tensors: List[Tensor], counts: List[int], constants: List[float], rows: List[Tensor], sizes: List[int], columns: List[int], head: int, slots: List[int], scales: List[float], numbers: List[float], replaced: List[int], inputs: List[Tensor], gather: List[Tensor], mask: List[Tensor], owners: List[Tensor], tokens: List[int], texts: List[int], shares: List[int], past: List[Tensor]) -> List[Tensor]:
  parts = self.cut(rows, sizes, columns)
  adapters = __torch__.Adapters(parts, len(columns), tokens, texts, head, slots, scales, numbers, 0., annotate(List[int], []))
  base = self.base(tensors, counts, constants, parts, replaced)
  batch = self.batch(inputs, gather, mask, owners, shares, past, True)
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.outputs)
  hidden = self.restored(hidden, batch.shares, base, adapters)
  result = [self.vocabulary(hidden, base, self.on_rows(batch.shares, adapters))]  # [texts, v]
  result.extend(batch.kept)
  return result
