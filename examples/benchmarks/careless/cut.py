# Behind the params of all adapters: which adapter each token is of.
def owned(self, params: List[Tensor], tokens: List[int]) -> List[Tensor]:
  k = len(tokens)
  owners = torch.repeat_interleave(torch.arange(k), torch.tensor(tokens))
  params.append(torch.to(torch.eq(torch.unsqueeze(owners, 1), torch.unsqueeze(torch.arange(k), 0)), 6))
  return params
