# LoRA (Hu et al., 2021, arXiv 2106.09685): y = x W^T + b + scale * (x A^T) B^T
#
# An adapter's params: A [r, in] of every adapted site, then B [out, r] of the same sites.
# param_index: the place of each site's A, then of each site's B; -1 if it is not adapted. A third
# kind is the bias [out] of B. Each adapter works on its own tokens, so that its values cannot
# depend on the others' in the batch.

def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  site = layer.site
  y = self.frozen(layer, x)
  slot = adapters.param_index[site]
  if slot < 0:
    return y
  if len(adapters.tokens_per_adapter) == 1:
    return torch.add(y, self.delta(x, 0, site, adapters), alpha=adapters.scales[site])
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  deltas = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    deltas.append(self.delta(own[i], i, site, adapters))
  return torch.add(y, torch.cat(deltas), alpha=adapters.scales[site])

def delta(self, x: Tensor, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
  slot = adapters.param_index[site]
  a = adapters.stride * adapter + slot
  b = adapters.stride * adapter + adapters.param_index[len(adapters.scales) + site]
  if adapters.dropout > 0.:
    x = self.drop(x, adapters.seeds[adapter] + slot, adapters.dropout)
  y = torch.linear(torch.linear(x, adapters.params[a]), adapters.params[b])
  if len(adapters.param_index) == 2 * len(adapters.scales):
    return y
  return torch.add(y, adapters.params[adapters.stride * adapter + adapters.param_index[2 * len(adapters.scales) + site]])
