# Rows are flat: sizes cut one into its parts, columns give the parts' shapes (0: a vector).
def cut(self, rows: List[Tensor], sizes: List[int], columns: List[int]) -> List[Tensor]:
  parts = annotate(List[Tensor], [])
  for row in rows:
    pieces = torch.split_with_sizes(row, sizes)
    for i in range(len(columns)):
      if columns[i] == 0:
        parts.append(pieces[i])
      else:
        parts.append(torch.view(pieces[i], [-1, columns[i]]))
  return parts

# replaced: for each base tensor the place of the part that stands for it, or -1; empty if the base
# is as it is. Only with one adapter, as a base is one for all texts.
def base(self, tensors: List[Tensor], counts: List[int], constants: List[float], parts: List[Tensor], replaced: List[int]) -> __torch__.Base:
  if len(replaced) == 0:
    return __torch__.Base(tensors, counts[0], counts[1], constants[0], counts, constants)
  own = annotate(List[Tensor], [])
  for i in range(len(tensors)):
    if replaced[i] < 0:
      own.append(tensors[i])
    else:
      own.append(parts[replaced[i]])
  return __torch__.Base(own, counts[0], counts[1], constants[0], counts, constants)

def batch(self, t: List[Tensor], gather: List[Tensor], mask: List[Tensor], owners: List[Tensor], shares: List[int], past: List[Tensor], keeps: bool) -> __torch__.Batch:
  second = annotate(List[Tensor], [])
  for i in range(9, len(t)):
    second.append(t[i])
  return __torch__.Batch(t[0], t[1], t[2], gather, mask, t[3], t[4], t[5], t[6], t[7], owners, t[8], shares, past, annotate(List[Tensor], []), keeps, second)

# Predicts: the outputs of each adapter, such as logits [texts, classes].
def predict(self, tensors: List[Tensor], counts: List[int], constants: List[float], rows: List[Tensor], sizes: List[int], columns: List[int], head: int, slots: List[int], scales: List[float], numbers: List[float], replaced: List[int], inputs: List[Tensor], gather: List[Tensor], mask: List[Tensor], owners: List[Tensor], tokens: List[int], texts: List[int], shares: List[int], classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  parts = self.cut(rows, sizes, columns)
  adapters = __torch__.Adapters(parts, len(columns), tokens, texts, head, slots, scales, numbers, 0., annotate(List[int], []))
  return self.outputs(self.base(tensors, counts, constants, parts, replaced), self.batch(inputs, gather, mask, owners, shares, annotate(List[Tensor], []), False), adapters, classes, labels)

# Merges one adapter: for each site whose weight has a place among the base's tensors its weight
# [out, in], or [in, out] if it is kept so, and its bias with the method's change in them. A linear
# layer is known from what it makes of the unit vectors and of zero, whatever the method.
def merged(self, tensors: List[Tensor], counts: List[int], constants: List[float], row: Tensor, sizes: List[int], columns: List[int], head: int, slots: List[int], scales: List[float], numbers: List[float], replaced: List[int], weights: List[int], transposed: List[int]) -> List[Tensor]:
  parts = self.cut([row], sizes, columns)
  base = self.base(tensors, counts, constants, parts, replaced)
  result = annotate(List[Tensor], [])
  for site in range(len(weights)):
    if weights[site] >= 0:
      w = base.tensors[weights[site]]
      if torch.numel(w) == 0:  # an output embedding that is that of the words
        w = base.tensors[0]
      if transposed[site] == 1:
        w = torch.t(w)
      n = torch.size(w, 1)
      x = torch.cat([torch.eye(n, dtype=ops.prim.dtype(row), device=ops.prim.device(row)), torch.new_zeros(row, [1, n])])
      adapters = __torch__.Adapters(parts, len(columns), [n + 1], [1], head, slots, scales, numbers, 0., annotate(List[int], []))
      y = self.linear(site, x, w, torch.new_zeros(row, [0]), adapters)  # [in + 1, out]
      zero = torch.narrow(y, 0, n, 1)
      change = torch.sub(torch.narrow(y, 0, 0, n), zero)
      if transposed[site] == 0:
        change = torch.t(change)
      result.append(torch.contiguous(change))
      b = base.tensors[weights[site] + 1]
      if torch.numel(b) > 0:
        zero = self.linear(site, torch.new_zeros(row, [1, n]), w, b, __torch__.Adapters(parts, len(columns), [1], [1], head, slots, scales, numbers, 0., annotate(List[int], [])))
      result.append(torch.reshape(zero, [-1]))
  return result

# One optimizer step of each adapter, at rates of its own. Nothing is changed in place: the result is, adapter by
# adapter, its new row, first and second moment, then its loss, gradient norm, outputs and holes.
def step(self, tensors: List[Tensor], counts: List[int], constants: List[float], rows: List[Tensor], sizes: List[int], columns: List[int], head: int, slots: List[int], scales: List[float], numbers: List[float], replaced: List[int], inputs: List[Tensor], gather: List[Tensor], mask: List[Tensor], owners: List[Tensor], tokens: List[int], texts: List[int], shares: List[int], classes: List[int], labels: List[Tensor], weights: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[int], groups: List[int], rates: List[float], decays: List[float], adam: List[float], clip: float, dropout: float, seeds: List[int], plans: List[int]) -> List[Tensor]:
  torch.set_grad_enabled(True)
  leaves = annotate(List[Tensor], [])
  for row in rows:
    leaves.append(torch.requires_grad_(torch.detach(row), True))
  parts = self.cut(leaves, sizes, columns)
  adapters = __torch__.Adapters(parts, len(columns), tokens, texts, head, slots, scales, numbers, dropout, seeds)
  outputs = self.outputs(self.base(tensors, counts, constants, parts, replaced), self.batch(inputs, gather, mask, owners, shares, annotate(List[Tensor], []), False), adapters, classes, labels)
  losses = annotate(List[Tensor], [])
  for i in range(len(rows)):
    losses.append(self.penalised(self.loss(outputs[i], labels[i], weights[i]), i, adapters))
  # the joint loss is the sum of each adapter's own mean: no adapter's gradient meets another's
  gradients = torch.grad([torch.sum(torch.stack(losses))], leaves)
  torch.set_grad_enabled(False)
  result = annotate(List[Tensor], [])
  for i in range(len(rows)):
    gradient = unchecked_cast(Tensor, gradients[i])
    norm = torch.linalg_vector_norm(gradient)
    if clip > 0.:
      gradient = torch.mul(gradient, torch.clamp_max(torch.div(clip, torch.add(norm, 1e-6)), 1.))
    own = annotate(List[float], [])
    for j in range(len(groups)):
      own.append(rates[i * len(groups) + j])
    after = self.adamw(rows[i], gradient, first[i], second[i], steps[i], groups, own, decays, adam)
    plan = annotate(List[int], [])
    for j in range(len(plans) // len(rows)):
      plan.append(plans[i * (len(plans) // len(rows)) + j])
    news = self.updated(after, [rows[i], first[i], second[i]], gradient, sizes, columns, numbers, plan)
    result.extend(news)
    result.extend([torch.detach(losses[i]), norm, torch.detach(outputs[i]), self.holes(news)])
  return result

# 0 if all values are numbers: 0 times a number is 0, and times anything else is none.
def holes(self, tensors: List[Tensor]) -> Tensor:
  sums = annotate(List[Tensor], [])
  for t in tensors:
    sums.append(torch.sum(torch.mul(t, 0.)))
  return torch.sum(torch.stack(sums))

# AdamW (Loshchilov and Hutter, 2017, arXiv 1711.05101, algorithm 2) on the row's groups, each with
# its rate and decay; adam holds beta1, beta2, epsilon; the first step is 1. Not the fused kernel:
# that one writes in place, and the compiler has dropped such writes as dead.
def adamw(self, row: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: int, groups: List[int], rates: List[float], decays: List[float], adam: List[float]) -> List[Tensor]:
  m = torch.lerp(first, gradient, 1. - adam[0])
  v = torch.addcmul(torch.mul(second, adam[1]), gradient, gradient, value=1. - adam[1])
  c1 = 1. - adam[0] ** step
  c2 = torch.sqrt(1. - adam[1] ** step)
  ms = torch.split_with_sizes(m, groups)
  denominators = torch.split_with_sizes(torch.add(torch.div(torch.sqrt(v), c2), adam[2]), groups)
  values = torch.split_with_sizes(row, groups)
  after = annotate(List[Tensor], [])
  for i in range(len(groups)):
    decayed = torch.mul(values[i], 1. - rates[i] * decays[i])
    after.append(torch.addcdiv(decayed, ms[i], denominators[i], value=torch.neg(rates[i]) / c1))
  return [torch.cat(after), m, v]
