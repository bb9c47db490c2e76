# The largest singular values of w [m, n] and their vectors, the root of each value in both factors:
# [m, rank] and [rank, n], whose product is the best approximation of that rank.
def factors(self, w: Tensor, rank: int) -> List[Tensor]:
  u, s, v = torch.linalg_svd(w, False)
  root = torch.sqrt(torch.narrow(s, 0, 0, rank))
  left = torch.mul(torch.narrow(u, 1, 0, rank), root)
  return [left, torch.mul(torch.unsqueeze(root, 1), torch.narrow(v, 0, 0, rank))]
