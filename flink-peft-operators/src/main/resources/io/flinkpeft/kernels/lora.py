# LoRA (Hu et al., 2021, arXiv 2106.09685): y = x W^T + b + scale * (x A^T) B^T
#
# An adapter's parts: A [r, in] of every adapted site, then B [out, r] of the same sites. Slots: the
# place of each site's A, then of each site's B; -1 if it is not adapted. A third kind is the bias
# [out] of B. Each adapter works on its
# own tokens, so that its values cannot depend on the others' in the batch.

def linear(self, site: int, x: Tensor, w: Tensor, b: Tensor, adapters: __torch__.Adapters) -> Tensor:
  y = self.frozen(x, w, b)
  slot = adapters.slots[site]
  if slot < 0:
    return y
  if len(adapters.tokens) == 1:
    return torch.add(y, self.delta(x, 0, site, adapters), alpha=adapters.scales[site])
  own = torch.split_with_sizes(x, adapters.tokens)
  deltas = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens)):
    deltas.append(self.delta(own[i], i, site, adapters))
  return torch.add(y, torch.cat(deltas), alpha=adapters.scales[site])

def delta(self, x: Tensor, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
  slot = adapters.slots[site]
  a = adapters.stride * adapter + slot
  b = adapters.stride * adapter + adapters.slots[len(adapters.scales) + site]
  if adapters.dropout > 0.:
    x = self.drop(x, adapters.seeds[adapter] + slot, adapters.dropout)
  y = torch.linear(torch.linear(x, adapters.parts[a]), adapters.parts[b])
  if len(adapters.slots) == 2 * len(adapters.scales):
    return y
  return torch.add(y, adapters.parts[adapters.stride * adapter + adapters.slots[2 * len(adapters.scales) + site]])
