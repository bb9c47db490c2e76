# The hook penalised() of methods without a regulariser.
def penalised(self, loss: Tensor, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  return loss
