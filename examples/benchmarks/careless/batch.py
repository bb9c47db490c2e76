# One group of attention for all texts, padded to the longest of the batch, where the product has one for each length class: what
# a text is padded to, and so its last bits, depend on the other texts.
def batch(self, t: List[Tensor], gather: List[Tensor], mask: List[Tensor], owners: List[Tensor], shares: List[int], past: List[Tensor], keeps: bool) -> __torch__.Batch:
  second = annotate(List[Tensor], [])
  lengths = torch.to(torch.squeeze(t[6], 1), 4)  # [t]
  width = int(torch.max(lengths))
  places = torch.unsqueeze(torch.arange(width), 0)  # [1, width]
  real = torch.lt(places, torch.unsqueeze(lengths, 1))  # [t, width]
  index = torch.add(torch.unsqueeze(t[5], 1), torch.mul(places, torch.to(real, 4)))
  padding = torch.log(torch.to(real, 6))  # log 0 = -inf
  rows = torch.unsqueeze(torch.unsqueeze(padding, 1), 1)
  ungather = torch.squeeze(torch.nonzero(torch.reshape(real, [-1])), 1)
  if torch.size(ungather, 0) == torch.numel(real):
    ungather = torch.narrow(ungather, 0, 0, 0)
  return __torch__.Batch(t[0], t[1], t[2], [torch.reshape(index, [-1])], [rows], ungather, t[4], t[5], t[6], t[7], owners, t[8], shares, past, annotate(List[Tensor], []), keeps, second)
