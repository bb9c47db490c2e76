# Scores of one adapter's features x [k, d] by the linear layer without bias that ends its row:
# w [capacity, d], of which the first classes rows are in use.
def scores(self, x: Tensor, adapter: int, classes: int, adapters: __torch__.Adapters) -> Tensor:
  w = adapters.params[adapters.stride * adapter + adapters.head_index]
  return torch.linear(x, torch.narrow(w, 0, 0, classes))  # [k, classes]
