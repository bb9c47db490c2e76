# Bottleneck adapters: f(x) = s * (W_up act(W_down x + b_down) + b_up), at the sublayer with output h
# and residual r:
#
#   0 Houlsby et al., 2019, arXiv 1902.00751    y = LN(h + f(h) + r)
#   1 Pfeiffer et al., 2020, arXiv 2005.00247   y = LN(h + f(LN(h + r)) + r)
#   2 parallel, He et al., 2021, arXiv 2110.04366   y = LN(h + f(r) + r)
#
# Slots: for each sublayer the place of its down w [m, d] and b, up w [d, m] and b; -1 if it has
# none. numbers: s, activation (0 relu, 1 gelu, 2 silu, 3 tanh), placement. Each adapter works on its
# own tokens.

def sublayer(self, place: int, h: Tensor, residual: Tensor, w: int, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  slot = adapters.slots[place]
  if slot < 0:
    return self.joined(h, residual, w, base)
  placement = int(adapters.numbers[2])
  x = h
  if placement == 1:
    x = self.joined(h, residual, w, base)
  if placement == 2:
    x = residual
  return self.joined(torch.add(h, self.bottlenecks(x, slot, adapters), alpha=adapters.numbers[0]), residual, w, base)

def joined(self, h: Tensor, residual: Tensor, w: int, base: __torch__.Base) -> Tensor:
  x = torch.add(h, residual)
  if w < 0:
    return x
  return self.norm(x, w, base)

def bottlenecks(self, x: Tensor, slot: int, adapters: __torch__.Adapters) -> Tensor:
  if len(adapters.tokens) == 1:
    return self.bottleneck(x, 0, slot, adapters)
  own = torch.split_with_sizes(x, adapters.tokens)
  changes = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens)):
    changes.append(self.bottleneck(own[i], i, slot, adapters))
  return torch.cat(changes)

def bottleneck(self, x: Tensor, adapter: int, slot: int, adapters: __torch__.Adapters) -> Tensor:
  t = adapters.parts
  i = adapters.stride * adapter + slot
  down = self.bend(torch.linear(x, t[i], t[i + 1]), int(adapters.numbers[1]))  # [n, m]
  return torch.linear(down, t[i + 2], t[i + 3])

def bend(self, x: Tensor, function: int) -> Tensor:
  if function == 0:
    return torch.relu(x)
  if function == 1:
    return torch.gelu(x)
  if function == 2:
    return torch.silu(x)
  return torch.tanh(x)
