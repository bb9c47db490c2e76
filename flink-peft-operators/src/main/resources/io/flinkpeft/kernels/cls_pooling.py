def pooled(self, hidden: Tensor, batch: __torch__.Batch) -> Tensor:
  return torch.index_select(hidden, 0, batch.first_tokens)
