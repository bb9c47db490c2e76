# The hook sublayer() of methods that put nothing between a sublayer's output h and its residual:
# added, and normalised if the architecture has a norm there.
def sublayer(self, place: int, h: Tensor, residual: Tensor, norm: Optional[__torch__.Norm], base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  x = torch.add(h, residual)
  if norm is None:
    return x
  return self.norm(x, norm, base)
