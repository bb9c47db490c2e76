# DoRA (Liu et al., 2024, arXiv 2402.09353), as PEFT computes it:
#
#   y = x W^T + b + (m / n - 1) * (x W^T) + m / n * scale * (x A^T) B^T
#
# n, the norm of each row of W + scale * B A, is a constant for the gradient (section 4.3). With
# dropout the second x and the third are the dropped one. Params as in lora.py, then m [out] of every
# site.

def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  y = self.frozen(layer, x)
  if adapters.param_index[layer.site] < 0:
    return y
  if len(adapters.tokens_per_adapter) == 1:
    return torch.add(y, self.change(layer, x, y, 0, adapters))
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  bases = torch.split_with_sizes(y, adapters.tokens_per_adapter)
  changes = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    changes.append(self.change(layer, own[i], bases[i], i, adapters))
  return torch.add(y, torch.cat(changes))

def change(self, layer: __torch__.Linear, x: Tensor, y: Tensor, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  site = layer.site
  w = layer.weight
  sites = len(adapters.scales)
  first = adapters.stride * adapter
  slot = adapters.param_index[site]
  a = adapters.params[first + slot]
  c = adapters.params[first + adapters.param_index[sites + site]]
  magnitude = adapters.params[first + adapters.param_index[2 * sites + site]]
  scale = adapters.scales[site]
  moved = torch.add(torch.to(w, ops.prim.dtype(a)), torch.matmul(torch.detach(c), torch.detach(a)), alpha=scale)
  ratio = torch.div(magnitude, torch.linalg_vector_norm(moved, 2, [1]))  # [out]
  base = y
  if torch.numel(layer.bias) > 0:
    base = torch.sub(y, layer.bias)
  if adapters.dropout > 0.:
    x = self.drop(x, adapters.seeds[adapter] + slot, adapters.dropout)
    base = torch.to(torch.linear(torch.to(x, ops.prim.dtype(w)), w), ops.prim.dtype(x))
  low = torch.mul(torch.linear(torch.linear(x, a), c), scale)
  return torch.add(torch.mul(torch.sub(ratio, 1.), base), torch.mul(ratio, low))
