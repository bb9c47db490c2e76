# The hook after_optimizer() of methods that leave a row and its moments as AdamW made them.
def after_optimizer(self, after: List[Tensor], before: List[Tensor], gradient: Tensor, sizes: List[int], columns: List[int], method_constants: List[float], plan: List[int]) -> List[Tensor]:
  return after
