# What methods with bottleneck adapters share: f(x) = s * (W_up act(W_down x + b_down) + b_up), with
# down w [m, d] and b, up w [d, m] and b in four places that follow each other.
#
# method_constants: 0 how many frozen adapters there are; 1 2 3 of coupling.py; 4 5 6 of the method
# itself; then of each frozen adapter s, activation (0 relu, 1 gelu, 2 silu, 3 tanh, 4 gelu by tanh)
# and placement. param_index: the method's own kinds, then for each frozen adapter the place of its
# down w among the base's tensors, -1 where it has none.

# What a bottleneck sees of a sublayer with output h and residual r, by its placement: 0 h,
# 1 LN(h + r), 2 r.
def entering(self, h: Tensor, residual: Tensor, placement: int, norm: Optional[__torch__.Norm], base: __torch__.Base) -> Tensor:
  if placement == 1:
    return self.joined(h, residual, norm, base)
  if placement == 2:
    return residual
  return h

def joined(self, h: Tensor, residual: Tensor, norm: Optional[__torch__.Norm], base: __torch__.Base) -> Tensor:
  x = torch.add(h, residual)
  if norm is None:
    return x
  return self.norm(x, norm, base)

# The k-th frozen adapter, without s; it is one for all tokens.
def fixed(self, x: Tensor, k: int, place: int, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return self.bottleneck(x, base.tensors, place, int(adapters.method_constants[8 + 3 * k]))

def bottleneck(self, x: Tensor, t: List[Tensor], i: int, function: int) -> Tensor:
  down = self.bend(torch.linear(x, t[i], t[i + 1]), function)  # [n, m]
  return torch.linear(down, t[i + 2], t[i + 3])
