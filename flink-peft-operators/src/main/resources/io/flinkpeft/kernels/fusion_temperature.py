# AdapterFusion's temperature, the first value of a row: less by 0.05 with each step, down to 1. No
# gradient moves it.
def after_optimizer(self, after: List[Tensor], before: List[Tensor], gradient: Tensor, sizes: List[int], columns: List[int], method_constants: List[float], plan: List[int]) -> List[Tensor]:
  t = torch.clamp_min(torch.sub(torch.narrow(before[0], 0, 0, 1), 0.05), 1.)
  still = torch.zeros_like(t)
  rest = torch.size(after[0], 0) - 1
  return [torch.cat([t, torch.narrow(after[0], 0, 1, rest)]), torch.cat([still, torch.narrow(after[1], 0, 1, rest)]), torch.cat([still, torch.narrow(after[2], 0, 1, rest)])]
