# Behind the parts of all adapters: which adapter each token is of.
def owned(self, parts: List[Tensor], tokens: List[int]) -> List[Tensor]:
  k = len(tokens)
  owners = torch.repeat_interleave(torch.arange(k), torch.tensor(tokens))
  parts.append(torch.to(torch.eq(torch.unsqueeze(owners, 1), torch.unsqueeze(torch.arange(k), 0)), 6))
  return parts
