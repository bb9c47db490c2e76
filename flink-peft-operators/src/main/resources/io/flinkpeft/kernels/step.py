# The params of each row: param_sizes cut it, param_columns give their shapes (0: a vector).
def params(self, rows: List[Tensor], adapted: __torch__.Adapted) -> List[Tensor]:
  params = annotate(List[Tensor], [])
  for row in rows:
    pieces = torch.split_with_sizes(row, adapted.param_sizes)
    for i, columns in enumerate(adapted.param_columns):
      if columns == 0:
        params.append(pieces[i])
      else:
        params.append(torch.view(pieces[i], [-1, columns]))
  return params

# The base, with the params that stand for some of its tensors: only with one adapter, as a base is
# one for all texts.
def base(self, params: List[Tensor], adapted: __torch__.Adapted) -> __torch__.Base:
  if len(adapted.replaced) == 0:
    return self.named(adapted.tensors)
  tensors = annotate(List[Tensor], [])
  for i, tensor in enumerate(adapted.tensors):
    if adapted.replaced[i] < 0:
      tensors.append(tensor)
    else:
      tensors.append(params[adapted.replaced[i]])
  return self.named(tensors)

# The adapters without dropout.
def adapters(self, params: List[Tensor], tokens: List[int], texts: List[int], adapted: __torch__.Adapted) -> __torch__.Adapters:
  return self.training(params, tokens, texts, 0., annotate(List[int], []), adapted)

def training(self, params: List[Tensor], tokens: List[int], texts: List[int], dropout: float, seeds: List[int], adapted: __torch__.Adapted) -> __torch__.Adapters:
  return __torch__.Adapters(
    params=params,
    stride=len(adapted.param_columns),
    tokens_per_adapter=tokens,
    texts_per_adapter=texts,
    head_index=adapted.head_index,
    param_index=adapted.param_index,
    scales=adapted.scales,
    method_constants=adapted.method_constants,
    dropout=dropout,
    seeds=seeds)

# Predicts: the outputs of each adapter, such as logits [texts, classes].
def predict(self,
    adapted: __torch__.Adapted,
    batch: __torch__.Batch,
    classes: List[int],
    labels: List[Tensor]) -> List[Tensor]:
  params = self.params(adapted.rows, adapted)
  adapters = self.adapters(params, batch.tokens_per_adapter, batch.texts_per_adapter, adapted)
  return self.outputs(self.base(params, adapted), batch, adapters, classes, labels)

# Merges one adapter: for each site whose weight has a place among the base's tensors its weight
# [out, in], or [in, out] if it is kept so, and its bias with the method's change in them. A linear
# layer is known from what it makes of the unit vectors and of zero, whatever the method.
def merged(self,
    adapted: __torch__.Adapted,
    weight_index: List[int],
    transposed: List[int]) -> List[Tensor]:
  row = adapted.rows[0]
  params = self.params([row], adapted)
  base = self.base(params, adapted)
  result = annotate(List[Tensor], [])
  for site, index in enumerate(weight_index):
    if index >= 0:
      w = base.tensors[index]
      if torch.numel(w) == 0:  # an output embedding that is that of the words
        w = base.tensors[0]
      if transposed[site] == 1:
        w = torch.t(w)
      n = torch.size(w, 1)
      x = torch.cat([torch.eye(n, dtype=ops.prim.dtype(row), device=ops.prim.device(row)), torch.new_zeros(row, [1, n])])
      layer = __torch__.Linear(weight=w, bias=torch.new_zeros(row, [0]), site=site)
      y = self.linear(layer, x, self.adapters(params, [n + 1], [1], adapted))  # [in + 1, out]
      zero = torch.narrow(y, 0, n, 1)
      change = torch.sub(torch.narrow(y, 0, 0, n), zero)
      if transposed[site] == 0:
        change = torch.t(change)
      result.append(torch.contiguous(change))
      b = base.tensors[index + 1]
      if torch.numel(b) > 0:
        layer = __torch__.Linear(weight=w, bias=b, site=site)
        zero = self.linear(layer, torch.new_zeros(row, [1, n]), self.adapters(params, [1], [1], adapted))
      result.append(torch.reshape(zero, [-1]))
  return result

# One optimizer step of each adapter, at rates of its own. Nothing is changed in place.
def step(self,
    adapted: __torch__.Adapted,
    batch: __torch__.Batch,
    classes: List[int],
    labels: List[Tensor],
    loss_weights: List[Tensor],
    exp_avg: List[Tensor],
    exp_avg_sq: List[Tensor],
    steps: List[int],
    optimizer: __torch__.Optimizer,
    dropout: float,
    seeds: List[int],
    plans: List[int]) -> List[__torch__.StepOutputs]:
  torch.set_grad_enabled(True)
  rows = adapted.rows
  leaves = annotate(List[Tensor], [])
  for row in rows:
    leaves.append(torch.requires_grad_(torch.detach(row), True))
  params = self.params(leaves, adapted)
  adapters = self.training(params, batch.tokens_per_adapter, batch.texts_per_adapter, dropout, seeds, adapted)
  outputs = self.outputs(self.base(params, adapted), batch, adapters, classes, labels)
  losses = annotate(List[Tensor], [])
  for i in range(len(rows)):
    losses.append(self.regularized(self.loss(outputs[i], labels[i], loss_weights[i]), i, adapters))
  # the joint loss is the sum of each adapter's own mean: no adapter's gradient meets another's
  gradients = torch.grad([torch.sum(torch.stack(losses))], leaves)
  torch.set_grad_enabled(False)
  result = annotate(List[__torch__.StepOutputs], [])
  for i, row in enumerate(rows):
    gradient = unchecked_cast(Tensor, gradients[i])
    norm = torch.linalg_vector_norm(gradient)
    if optimizer.clip_norm > 0.:
      gradient = torch.mul(gradient, torch.clamp_max(torch.div(optimizer.clip_norm, torch.add(norm, 1e-6)), 1.))
    groups = len(optimizer.group_sizes)
    rates = torch.slice(optimizer.learning_rates, i * groups, (i + 1) * groups, 1)
    before = [row, exp_avg[i], exp_avg_sq[i]]
    after = self.adamw(before, gradient, steps[i], rates, optimizer)
    size = len(plans) // len(rows)
    plan = torch.slice(plans, i * size, (i + 1) * size, 1)
    after = self.after_optimizer(after, before, gradient, adapted.param_sizes, adapted.param_columns, adapted.method_constants, plan)
    result.append(__torch__.StepOutputs(
      row=after[0],
      exp_avg=after[1],
      exp_avg_sq=after[2],
      loss=torch.detach(losses[i]),
      gradient_norm=norm,
      outputs=torch.detach(outputs[i]),
      zero_if_finite=self.holes(after)))
  return result

# 0 if all values are numbers: 0 times a number is 0, and times anything else is none.
def holes(self, tensors: List[Tensor]) -> Tensor:
  sums = annotate(List[Tensor], [])
  for t in tensors:
    sums.append(torch.sum(torch.mul(t, 0.)))
  return torch.sum(torch.stack(sums))

# AdamW (Loshchilov and Hutter, 2017, arXiv 1711.05101, algorithm 2) on the row's groups, each with
# its rate and decay; before holds the row and both moments, the first step is 1. Not the fused
# kernel: that one writes in place, and the compiler has dropped such writes as dead.
def adamw(self, before: List[Tensor], gradient: Tensor, step: int, rates: List[float], optimizer: __torch__.Optimizer) -> List[Tensor]:
  row, exp_avg, exp_avg_sq = before
  m = torch.lerp(exp_avg, gradient, 1. - optimizer.beta1)
  v = torch.addcmul(torch.mul(exp_avg_sq, optimizer.beta2), gradient, gradient, value=1. - optimizer.beta2)
  c1 = 1. - optimizer.beta1 ** step
  c2 = torch.sqrt(1. - optimizer.beta2 ** step)
  ms = torch.split_with_sizes(m, optimizer.group_sizes)
  denominators = torch.split_with_sizes(torch.add(torch.div(torch.sqrt(v), c2), optimizer.epsilon), optimizer.group_sizes)
  values = torch.split_with_sizes(row, optimizer.group_sizes)
  after = annotate(List[Tensor], [])
  for i, rate in enumerate(rates):
    decayed = torch.mul(values[i], 1. - rate * optimizer.weight_decays[i])
    after.append(torch.addcdiv(decayed, ms[i], denominators[i], value=torch.neg(rate) / c1))
  return [torch.cat(after), m, v]
