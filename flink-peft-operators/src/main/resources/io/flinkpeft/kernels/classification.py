# Classification: logits of each adapter's own texts by the head in its row.

def outputs(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters, classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  f = torch.split_with_sizes(self.features(self.encode(base, batch, adapters), base, batch, adapters), adapters.texts_per_adapter)
  result = annotate(List[Tensor], [])
  for i in range(len(adapters.texts_per_adapter)):
    result.append(self.scores(f[i], i, classes[i], adapters))  # [texts, classes]
  return result
