# uses: bend
# The invertible adapter of MAD-X (Pfeiffer et al., 2020, arXiv 2005.00052, section 3.3), a coupling
# as in NICE (Dinh et al., 2014, arXiv 1410.8516). With x = [x1; x2], x1 the first d // 2 features:
#
#   behind the embeddings         y1 = x1 + F(x2)    y2 = x2 + G(y1)
#   before the output embedding   y2 = x2 - G(x1)    y1 = x1 - F(y2)      its inverse
#
# F and G: two linear layers and a nonlinearity between them; eight places that follow each other.
# method_constants[1 2 3]: 1 for a trained one, 2 for a frozen one; the first place among an
# adapter's params or the base's tensors; activation.

def after_embedding(self, x: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return self.couplings(x, adapters.tokens_per_adapter, True, base, adapters)

def before_output(self, x: Tensor, rows: List[int], base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return self.couplings(x, rows, False, base, adapters)

# rows: how many rows each adapter has.
def couplings(self, x: Tensor, rows: List[int], forth: bool, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  place = int(adapters.method_constants[2])
  function = int(adapters.method_constants[3])
  if adapters.method_constants[1] == 2.:
    return self.coupled(x, base.tensors, place, function, forth)
  own = torch.split_with_sizes(x, rows)
  y = annotate(List[Tensor], [])
  for i in range(len(rows)):
    y.append(self.coupled(own[i], adapters.params, adapters.stride * i + place, function, forth))
  return torch.cat(y)

def coupled(self, x: Tensor, t: List[Tensor], i: int, function: int, forth: bool) -> Tensor:
  d = torch.size(x, 1)
  half = d // 2
  a = torch.narrow(x, 1, 0, half)
  b = torch.narrow(x, 1, half, d - half)
  if forth:
    a = torch.add(a, self.between(b, t, i, function))
    b = torch.add(b, self.between(a, t, i + 4, function))
  else:
    b = torch.sub(b, self.between(a, t, i + 4, function))
    a = torch.sub(a, self.between(b, t, i, function))
  return torch.cat([a, b], 1)

def between(self, x: Tensor, t: List[Tensor], i: int, function: int) -> Tensor:
  return torch.linear(self.bend(torch.linear(x, t[i], t[i + 1]), function), t[i + 2], t[i + 3])
