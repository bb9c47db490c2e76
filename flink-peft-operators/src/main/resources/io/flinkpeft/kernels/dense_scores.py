# Scores of one adapter's features x [k, d] by the two layers that end its row: w [d, d], b [d], then
# w [capacity, d] and b [capacity], of which the first classes rows are in use.
def scores(self, x: Tensor, adapter: int, classes: int, adapters: __torch__.Adapters) -> Tensor:
  w = adapters.stride * adapter + adapters.head_index
  y = torch.tanh(torch.linear(x, adapters.params[w], adapters.params[w + 1]))
  return torch.linear(y, torch.narrow(adapters.params[w + 2], 0, 0, classes), torch.narrow(adapters.params[w + 3], 0, 0, classes))  # [k, classes]
