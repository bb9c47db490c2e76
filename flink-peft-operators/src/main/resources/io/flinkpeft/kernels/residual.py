# The hook sublayer() of methods that put nothing between a sublayer's output h and its residual:
# added, and normalised by the norm at w if the architecture has one there (w >= 0).
def sublayer(self, place: int, h: Tensor, residual: Tensor, w: int, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  x = torch.add(h, residual)
  if w < 0:
    return x
  return self.norm(x, w, base)
