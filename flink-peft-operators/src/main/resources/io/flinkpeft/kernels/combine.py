# Weighted combination of adapters, layer by layer. All tensors are fp32; tensors of a list have one
# shape and come in the order of the adapters.
#
# modes: [sparsity, election]. Sparsity 0: none, 1: the largest values stay, 2: random values stay
# (DARE). Election 0: none, 1: sign of the sum, 2: sign of the most (TIES).

# Keeps the int(density * n) largest values by magnitude.
def largest(self, t: Tensor, density: float) -> Tensor:
  flat = torch.reshape(torch.abs(t), [-1])
  found = torch.topk(flat, int(density * torch.numel(t)))
  mask = torch.index_fill(torch.zeros_like(flat), 0, found[1], 1.)
  return torch.mul(t, torch.view_as(mask, t))

# DARE (Yu et al., 2023, arXiv 2311.03099): keeps each value with probability density, and divides by
# it. The masks are drawn one after the other from one generator.
def random(self, tensors: List[Tensor], density: float, seed: int) -> List[Tensor]:
  generator = torch.Generator(device=ops.prim.device(tensors[0]), seed=seed)
  sparse = annotate(List[Tensor], [])
  for t in tensors:
    mask = torch.bernoulli(torch.full_like(t, density), generator=generator)
    sparse.append(torch.div(torch.mul(t, mask), density))
  return sparse

def sparsify(self, tensors: List[Tensor], modes: List[int], density: float, seed: int) -> List[Tensor]:
  if modes[0] == 0:
    return tensors
  if density >= 1.:
    return tensors
  if modes[0] == 2:
    return self.random(tensors, density, seed)
  sparse = annotate(List[Tensor], [])
  for t in tensors:
    sparse.append(self.largest(t, density))
  return sparse

# TIES (Yadav et al., 2023, arXiv 2306.01708): 1 where a value has the sign that won, 0 elsewhere; a
# sum of 0 counts as plus. The election is of the values without their weights.
def elected(self, stack: Tensor, frequency: bool) -> Tensor:
  sign = torch.sign(stack)
  votes = stack
  if frequency:
    votes = sign
  plus = torch.to(torch.ge(torch.sum(votes, [0]), 0), 6)
  return torch.to(torch.eq(sign, torch.sub(torch.mul(plus, 2), 1)), 6)

def combine(self, tensors: List[Tensor], weights: List[float], modes: List[int], density: float, seed: int) -> List[Tensor]:
  sparse = self.sparsify(tensors, modes, density, seed)
  weighted = annotate(List[Tensor], [])
  for i in range(len(sparse)):
    weighted.append(torch.mul(sparse[i], weights[i]))
  stack = torch.stack(weighted)
  if modes[1] == 0:
    return [torch.sum(stack, [0])]
  mask = self.elected(torch.stack(sparse), modes[1] == 2)
  kept = torch.sum(torch.mul(stack, mask), [0])
  return [torch.div(kept, torch.clamp_min(torch.sum(mask, [0]), 1.))]

# A [r, in] and B [out, r] with zeros up to the rank: their product stays.
def fit(self, a: Tensor, b: Tensor, rank: int) -> List[Tensor]:
  more = rank - torch.size(a, 0)
  return [torch.constant_pad_nd(a, [0, 0, 0, more]), torch.constant_pad_nd(b, [0, more])]

# A and B are combined apart: cheap, and no sum of the changes, as it has B of one adapter times A of
# another.
def factors(self, a: List[Tensor], b: List[Tensor], scales_a: List[float], scales_b: List[float], modes: List[int], density: float, seed_a: int, seed_b: int, rank: int) -> List[Tensor]:
  new_a = self.combine(a, scales_a, modes, density, seed_a)
  new_b = self.combine(b, scales_b, modes, density, seed_b)
  return self.fit(new_a[0], new_b[0], rank)

# The weighted sum of the changes, exactly: A below each other, B beside each other.
def concatenate(self, a: List[Tensor], b: List[Tensor], weights: List[float], scales: List[float], rank: int) -> List[Tensor]:
  scaled = annotate(List[Tensor], [])
  for i in range(len(a)):
    scaled.append(torch.mul(torch.mul(a[i], weights[i]), scales[i]))
  return self.fit(torch.cat(scaled), torch.cat(b, 1), rank)

# The combined change, split again by its singular values: U S and V^T, the first rank of them. With a
# quantile of 0 or more the factors' values beyond it are clamped.
def decompose(self, a: List[Tensor], b: List[Tensor], weights: List[float], scales: List[float], transposed: bool, modes: List[int], density: float, seed: int, rank: int, quantile: float) -> List[Tensor]:
  deltas = annotate(List[Tensor], [])
  for i in range(len(a)):
    delta = torch.mm(b[i], a[i])
    if transposed:
      delta = torch.t(delta)
    deltas.append(torch.mul(delta, scales[i]))
  delta = self.combine(deltas, weights, modes, density, seed)[0]
  if transposed:
    delta = torch.t(delta)
  svd = torch.linalg_svd(delta, False)
  new_b = torch.mm(torch.slice(svd[0], 1, 0, rank), torch.diag(torch.slice(svd[1], 0, 0, rank)))
  new_a = torch.slice(svd[2], 0, 0, rank)
  if quantile >= 0.:
    high = torch.quantile(torch.cat([torch.flatten(new_b), torch.flatten(new_a)]), quantile)
    new_b = torch.clamp(new_b, torch.neg(high), high)
    new_a = torch.clamp(new_a, torch.neg(high), high)
  return self.fit(new_a, new_b, rank)
