# uses: bend bottleneck_parts
# Bottleneck adapters at the sublayer with output h and residual r:
#
#   0 Houlsby et al., 2019, arXiv 1902.00751    y = LN(h + f(h) + r)
#   1 Pfeiffer et al., 2020, arXiv 2005.00247   y = LN(h + f(LN(h + r)) + r)
#   2 parallel, He et al., 2021, arXiv 2110.04366   y = LN(h + f(r) + r)
#
# Frozen adapters beneath (MAD-X, Pfeiffer et al., 2020, arXiv 2005.00052) come first: what one
# makes of h is the h of the next.
#
# param_index: for each sublayer the place of its down w; -1 if it has none. method_constants[4 5
# 6]: s, activation, placement. Each adapter works on its own tokens.

def sublayer(self, place: int, h: Tensor, residual: Tensor, norm: Optional[__torch__.Norm], base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  frozen = int(adapters.method_constants[0])
  sublayers = len(adapters.param_index) // (1 + frozen)
  for k in range(frozen):
    beneath = adapters.param_index[(1 + k) * sublayers + place]
    if beneath >= 0:
      x = self.entering(h, residual, int(adapters.method_constants[9 + 3 * k]), norm, base)
      h = torch.add(h, self.fixed(x, k, beneath, base, adapters), alpha=adapters.method_constants[7 + 3 * k])
  slot = adapters.param_index[place]
  if slot >= 0:
    x = self.entering(h, residual, int(adapters.method_constants[6]), norm, base)
    h = torch.add(h, self.bottlenecks(x, slot, adapters), alpha=adapters.method_constants[4])
  return self.joined(h, residual, norm, base)

def bottlenecks(self, x: Tensor, slot: int, adapters: __torch__.Adapters) -> Tensor:
  function = int(adapters.method_constants[5])
  if len(adapters.tokens_per_adapter) == 1:
    return self.bottleneck(x, adapters.params, slot, function)
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  changes = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    changes.append(self.bottleneck(own[i], adapters.params, adapters.stride * i + slot, function))
  return torch.cat(changes)
