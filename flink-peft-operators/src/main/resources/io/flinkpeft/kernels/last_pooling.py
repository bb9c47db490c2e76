# The last token of each text, which is the one that has seen all others in a decoder.
def pooled(self, hidden: Tensor, batch: __torch__.Batch) -> Tensor:
  return torch.index_select(hidden, 0, batch.output_tokens)
