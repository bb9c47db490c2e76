# One product for the tokens of all adapters, where the product has one for each: x with the A of every adapter, of which each
# token keeps its own adapter's part, then with the B of every adapter. What a token gets depends on how many adapters there are.
def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  site = layer.site
  y = self.frozen(layer, x)
  slot = adapters.param_index[site]
  if slot < 0:
    return y
  k = len(adapters.tokens_per_adapter)
  place = adapters.param_index[len(adapters.scales) + site]
  downs = annotate(List[Tensor], [])
  ups = annotate(List[Tensor], [])
  for i in range(k):
    downs.append(adapters.params[adapters.stride * i + slot])
    ups.append(adapters.params[adapters.stride * i + place])
  if k == 1:
    return torch.add(y, torch.linear(torch.linear(x, downs[0]), ups[0]), alpha=adapters.scales[site])
  own = adapters.params[adapters.stride * k]  # [n, k], 1 at a token's own adapter
  h = torch.linear(x, torch.cat(downs))  # [n, k*r]
  h = torch.reshape(torch.mul(torch.view(h, [torch.size(x, 0), k, -1]), torch.unsqueeze(own, 2)), [torch.size(x, 0), -1])
  return torch.add(y, torch.linear(h, torch.cat(ups, 1)), alpha=adapters.scales[site])
