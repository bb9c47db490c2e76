# Logits of each token that answers, such as the first one of each word, by the head in the
# adapter's row.

def outputs(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters, classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.output_tokens)
  own = torch.split_with_sizes(hidden, batch.outputs_per_adapter)
  result = annotate(List[Tensor], [])
  for i in range(len(adapters.texts_per_adapter)):
    result.append(self.scores(own[i], i, classes[i], adapters))  # [tokens, classes]
  return result
