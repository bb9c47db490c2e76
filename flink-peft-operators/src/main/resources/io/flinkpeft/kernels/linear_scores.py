# Scores of one adapter's features x [k, d] by the linear layer that ends its row: w [capacity, d] and
# b [capacity], of which the first classes rows are in use.
def scores(self, x: Tensor, adapter: int, classes: int, adapters: __torch__.Adapters) -> Tensor:
  w = adapters.stride * adapter + adapters.head_index
  return torch.linear(x, torch.narrow(adapters.params[w], 0, 0, classes), torch.narrow(adapters.params[w + 1], 0, 0, classes))  # [k, classes]
