# AdaLoRA (Zhang et al., 2023, arXiv 2303.10512), as PEFT computes it:
#
#   y = x W^T + b + scale * (x (A * E)^T) B^T
#
# An adapter's params: A [r, in] of every adapted site, then E [r, 1] of the same sites, then B
# [out, r]; then the importances, as many values as those have together. Of the importances the row
# says which E are pruned (1), the first moment holds the sensitivity of each value, the second its
# uncertainty: AdamW has no use for these places.
# method_constants: beta1, beta2, the weight of the regularizer, how many sites are adapted.

def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  site = layer.site
  y = self.frozen(layer, x)
  if adapters.param_index[site] < 0:
    return y
  if len(adapters.tokens_per_adapter) == 1:
    return torch.add(y, self.delta(x, 0, site, adapters), alpha=adapters.scales[site])
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  deltas = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    deltas.append(self.delta(own[i], i, site, adapters))
  return torch.add(y, torch.cat(deltas), alpha=adapters.scales[site])

def delta(self, x: Tensor, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
  sites = len(adapters.scales)
  first = adapters.stride * adapter
  slot = adapters.param_index[site]
  a = adapters.params[first + slot]
  e = adapters.params[first + adapters.param_index[sites + site]]
  b = adapters.params[first + adapters.param_index[2 * sites + site]]
  if adapters.dropout > 0.:
    x = self.drop(x, adapters.seeds[adapter] + slot, adapters.dropout)
  return torch.linear(torch.linear(x, torch.mul(a, e)), b)

# The regularizer: the mean over all A and B of the norm of A A^T - I and B^T B - I. The norm is not
# squared, as in the authors' code.
def regularized(self, loss: Tensor, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  if adapters.method_constants[2] == 0.:
    return loss
  targets = int(adapters.method_constants[3])
  terms = annotate(List[Tensor], [])
  for i in range(targets):
    a = adapters.params[adapters.stride * adapter + i]
    b = adapters.params[adapters.stride * adapter + 2 * targets + i]
    if torch.numel(a) > 0:
      terms.append(self.skewness(torch.matmul(a, torch.t(a))))
      terms.append(self.skewness(torch.matmul(torch.t(b), b)))
  if len(terms) == 0:
    return loss
  mean = torch.div(torch.sum(torch.stack(terms)), float(2 * targets))
  return torch.add(loss, mean, alpha=adapters.method_constants[2])

def skewness(self, square: Tensor) -> Tensor:
  identity = torch.eye(torch.size(square, 0), dtype=ops.prim.dtype(square), device=ops.prim.device(square))
  return torch.linalg_vector_norm(torch.sub(square, identity))

# After AdamW. plan: 1 if all starts again with nothing pruned, 1 if the importances learn from this
# step, and how many of the least important triplets are pruned: 0 prunes none, -1 the same as
# before. after and before: the row, its first and second moment.
def after_optimizer(self, after: List[Tensor], before: List[Tensor], gradient: Tensor, sizes: List[int], columns: List[int], method_constants: List[float], plan: List[int]) -> List[Tensor]:
  targets = int(method_constants[3])
  n = 0
  for i in range(3 * targets):
    n = n + sizes[i]
  rest = torch.size(after[0], 0) - 2 * n
  values = torch.narrow(after[0], 0, 0, n)
  pruned = torch.narrow(before[0], 0, n, n)
  sensitivity = torch.narrow(before[1], 0, n, n)
  uncertainty = torch.narrow(before[2], 0, n, n)
  if plan[0] == 1:
    pruned = torch.zeros_like(pruned)
    sensitivity = torch.zeros_like(sensitivity)
    uncertainty = torch.zeros_like(uncertainty)
  if plan[1] == 1:
    importance = torch.abs(torch.mul(values, torch.narrow(gradient, 0, 0, n)))
    sensitivity = torch.add(torch.mul(sensitivity, method_constants[0]), importance, alpha=1. - method_constants[0])
    change = torch.abs(torch.sub(importance, sensitivity))
    uncertainty = torch.add(torch.mul(uncertainty, method_constants[1]), change, alpha=1. - method_constants[1])
  if plan[2] > 0:
    pruned = self.lowest(torch.mul(sensitivity, uncertainty), plan[2], sizes, columns, targets)
  if plan[2] != 0:
    values = torch.masked_fill(values, torch.gt(pruned, 0.), 0.)
  row = torch.cat([values, pruned, torch.narrow(after[0], 0, 2 * n, rest)])
  exp_avg = torch.cat([torch.narrow(after[1], 0, 0, n), sensitivity, torch.narrow(after[1], 0, 2 * n, rest)])
  exp_avg_sq = torch.cat([torch.narrow(after[2], 0, 0, n), uncertainty, torch.narrow(after[2], 0, 2 * n, rest)])
  return [row, exp_avg, exp_avg_sq]

# 1 at each E whose triplet is among the lowest of all sites, those equal to the last included; 0
# elsewhere. A triplet's score: that of its E, the mean of its row of A, the mean of its column of B.
def lowest(self, scores: Tensor, count: int, sizes: List[int], columns: List[int], targets: int) -> Tensor:
  own = annotate(List[int], [])
  for i in range(3 * targets):
    own.append(sizes[i])
  parts = torch.split_with_sizes(scores, own)
  triplets = annotate(List[Tensor], [])
  for i in range(targets):
    triplet = parts[targets + i]
    if sizes[i] > 0:
      a = torch.mean(torch.view(parts[i], [-1, columns[i]]), [1])
      b = torch.mean(torch.view(parts[2 * targets + i], [-1, columns[2 * targets + i]]), [0])
      triplet = torch.add(triplet, torch.add(a, b))
    triplets.append(triplet)
  threshold, index = torch.kthvalue(torch.cat(triplets), count)
  flags = annotate(List[Tensor], [])
  for i in range(targets):
    flags.append(torch.zeros_like(parts[i]))
  for i in range(targets):
    flags.append(torch.to(torch.le(triplets[i], threshold), ops.prim.dtype(scores)))
  for i in range(targets):
    flags.append(torch.zeros_like(parts[2 * targets + i]))
  return torch.cat(flags)
