# The hook regularized() of methods without a regularizer.
def regularized(self, loss: Tensor, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  return loss
