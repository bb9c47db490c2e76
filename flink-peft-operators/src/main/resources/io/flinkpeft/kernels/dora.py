# DoRA (Liu et al., 2024, arXiv 2402.09353), as PEFT computes it:
#
#   y = x W^T + b + (m / n - 1) * (x W^T) + m / n * scale * (x A^T) B^T
#
# n, the norm of each row of W + scale * B A, is a constant for the gradient (section 4.3). With
# dropout the second x and the third are the dropped one. Params as in lora.py, then m [out] of every
# site.

def linear(self, site: int, x: Tensor, w: Tensor, b: Tensor, adapters: __torch__.Adapters) -> Tensor:
  y = self.frozen(x, w, b)
  if adapters.param_index[site] < 0:
    return y
  if len(adapters.tokens_per_adapter) == 1:
    return torch.add(y, self.change(x, y, w, b, 0, site, adapters))
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  bases = torch.split_with_sizes(y, adapters.tokens_per_adapter)
  changes = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    changes.append(self.change(own[i], bases[i], w, b, i, site, adapters))
  return torch.add(y, torch.cat(changes))

def change(self, x: Tensor, y: Tensor, w: Tensor, b: Tensor, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
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
  if torch.numel(b) > 0:
    base = torch.sub(y, b)
  if adapters.dropout > 0.:
    x = self.drop(x, adapters.seeds[adapter] + slot, adapters.dropout)
    base = torch.to(torch.linear(torch.to(x, ops.prim.dtype(w)), w), ops.prim.dtype(x))
  low = torch.mul(torch.linear(torch.linear(x, a), c), scale)
  return torch.add(torch.mul(torch.sub(ratio, 1.), base), torch.mul(ratio, low))
