# uses: bend bottleneck_parts
# AdapterFusion (Pfeiffer et al., 2020, arXiv 2005.00247): attention over frozen adapters. At the
# sublayer with output h and residual r, where the adapters see x and give z_i = s_i f_i(x):
#
#   p = softmax((W_q x + b_q) . (W_k z_i + b_k) / T)      y = LN(sum_i p_i W_v z_i + h + r)
#
# param_index: for each sublayer the place of query w [d, d], key w and value w, -1 for one that is
# not there, then of T; a bias [d] follows query and key. method_constants[4 5 6], 0 or 1: whether
# the query is h; whether h is added to each z_i, not to their sum; whether W_v comes before the
# sum.

def sublayer(self, place: int, h: Tensor, residual: Tensor, norm: Optional[__torch__.Norm], base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  frozen = int(adapters.method_constants[0])
  sublayers = len(adapters.param_index) // (4 + frozen)
  if adapters.param_index[4 * sublayers + place] < 0:
    return self.joined(h, residual, norm, base)
  x = self.entering(h, residual, int(adapters.method_constants[9]), norm, base)
  z = annotate(List[Tensor], [])
  for k in range(frozen):
    change = torch.mul(self.fixed(x, k, adapters.param_index[(4 + k) * sublayers + place], base, adapters), adapters.method_constants[7 + 3 * k])
    if adapters.method_constants[5] == 1.:
      change = torch.add(change, h)
    z.append(change)
  query = x
  if adapters.method_constants[4] == 1.:
    query = h
  y = self.fusions(query, torch.stack(z, 1), [place, place + sublayers, place + 2 * sublayers, place + 3 * sublayers], adapters)
  if adapters.method_constants[5] == 1.:
    return self.joined(y, residual, norm, base)
  return self.joined(torch.add(y, h), residual, norm, base)

# Each adapter's own tokens: query [n, d], z [n, frozen, d].
def fusions(self, query: Tensor, z: Tensor, at: List[int], adapters: __torch__.Adapters) -> Tensor:
  if len(adapters.tokens_per_adapter) == 1:
    return self.fusion(query, z, 0, at, adapters)
  queries = torch.split_with_sizes(query, adapters.tokens_per_adapter)
  zs = torch.split_with_sizes(z, adapters.tokens_per_adapter)
  own = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    own.append(self.fusion(queries[i], zs[i], i, at, adapters))
  return torch.cat(own)

def fusion(self, query: Tensor, z: Tensor, adapter: int, at: List[int], adapters: __torch__.Adapters) -> Tensor:
  t = adapters.params
  first = adapters.stride * adapter
  keys = z
  if adapters.param_index[at[0]] >= 0:
    i = first + adapters.param_index[at[0]]
    query = torch.linear(query, t[i], t[i + 1])
  if adapters.param_index[at[1]] >= 0:
    i = first + adapters.param_index[at[1]]
    keys = torch.linear(z, t[i], t[i + 1])
  scores = torch.sum(torch.mul(torch.unsqueeze(query, 1), keys), [-1])  # [n, frozen]
  if adapters.dropout > 0.:
    scores = self.drop(scores, adapters.seeds[adapter] + at[0], adapters.dropout)
  if adapters.param_index[at[3]] >= 0:
    scores = torch.div(scores, torch.detach(t[first + adapters.param_index[at[3]]]))
  share = torch.unsqueeze(torch.softmax(scores, -1), 2)
  value = adapters.param_index[at[2]]
  if value < 0:
    return torch.sum(torch.mul(share, z), [1])
  if adapters.method_constants[6] == 1.:
    return torch.sum(torch.mul(share, torch.linear(z, t[first + value])), [1])
  return torch.linear(torch.sum(torch.mul(share, z), [1]), t[first + value])  # [n, d]
