# PiSSA (Meng et al., 2024, arXiv 2404.02948): LoRA that starts from the largest singular values of
# the weight, which is frozen without them:
#
#   y = x (W - scale * B0 A0)^T + b + scale * (x A^T) B^T
#
# The base is shared and stays whole; what it is without is subtracted here. Params and their index
# as in lora.py, then A0 and B0 of the same sites, which do not train.

def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  site = layer.site
  y = self.frozen(layer, x)
  if adapters.param_index[site] < 0:
    return y
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  changes = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    changes.append(self.change(own[i], i, site, adapters))
  return torch.add(y, torch.cat(changes), alpha=adapters.scales[site])

def change(self, x: Tensor, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
  start = self.product(x, 2, adapter, site, adapters)
  if adapters.dropout > 0.:
    x = self.drop(x, adapters.seeds[adapter] + adapters.param_index[site], adapters.dropout)
  return torch.sub(self.product(x, 0, adapter, site, adapters), start)

def product(self, x: Tensor, kind: int, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
  sites = len(adapters.scales)
  first = adapters.stride * adapter
  a = adapters.params[first + adapters.param_index[kind * sites + site]]
  b = adapters.params[first + adapters.param_index[(kind + 1) * sites + site]]
  return torch.linear(torch.linear(x, a), b)
