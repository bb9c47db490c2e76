# Token classification: logits of the first token of each word, by the head in the adapter's row.

def outputs(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters, classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.outputs)
  own = torch.split_with_sizes(hidden, batch.shares)
  result = annotate(List[Tensor], [])
  for i in range(len(adapters.texts)):
    result.append(self.scores(own[i], i, classes[i], adapters))  # [words, classes]
  return result

# The mean cross entropy of one adapter's labelled words; weights are 1/labelled, 0 without label.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  each = torch.cross_entropy_loss(output, labels, None, 0)
  return torch.sum(torch.mul(each, weights))
