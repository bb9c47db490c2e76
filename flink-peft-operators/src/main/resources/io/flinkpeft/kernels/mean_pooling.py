def pooled(self, hidden: Tensor, batch: __torch__.Batch) -> Tensor:
  # one row more than texts: filling tokens go there
  sums = torch.new_zeros(hidden, [torch.size(batch.first_tokens, 0) + 1, torch.size(hidden, 1)])
  sums = torch.index_add(sums, 0, batch.text_of_token, hidden)
  return torch.div(torch.narrow(sums, 0, 0, torch.size(batch.first_tokens, 0)), batch.lengths)
