# (IA)^3 (Liu et al., 2022, arXiv 2205.05638): y = l * (x W^T + b), or y = (l * x) W^T + b
#
# An adapter's params: l of every adapted site, [out, 1] or [1, in]. param_index: the place of the
# factor of each site's output, then of each site's input; -1 if it has none.

def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  inputs = self.scaled(x, adapters.param_index[len(adapters.scales) + layer.site], adapters)
  return self.scaled(self.frozen(layer, inputs), adapters.param_index[layer.site], adapters)

def scaled(self, x: Tensor, slot: int, adapters: __torch__.Adapters) -> Tensor:
  if slot < 0:
    return x
  if len(adapters.tokens_per_adapter) == 1:
    return torch.mul(x, torch.view(adapters.params[slot], [1, -1]))
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  products = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    factor = torch.view(adapters.params[adapters.stride * i + slot], [1, -1])
    products.append(torch.mul(own[i], factor))
  return torch.cat(products)
