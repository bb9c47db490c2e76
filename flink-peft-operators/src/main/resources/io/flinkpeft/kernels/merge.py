# Merging of an adapter into a weight. Nothing is changed in place. A weight comes and goes in fp32,
# which holds every value of its type; kind is the code of that type. a and b are fp32. Every method
# gives the new values, then 1 or 0: whether all of them are finite.

def result(self, x: Tensor, kind: int) -> List[Tensor]:
  y = torch.contiguous(torch.to(torch.to(x, kind), 6))
  return [y, torch.to(torch.all(torch.isfinite(y)), 6)]

# s B A, transposed for weights that are kept as [in, out]: embeddings, GPT-2's Conv1D
def change(self, a: Tensor, b: Tensor, scale: float, transposed: bool) -> Tensor:
  delta = torch.mm(b, a)
  if transposed:
    delta = torch.t(delta)
  return torch.mul(delta, scale)

# LoRA (Hu et al., 2021, arXiv 2106.09685): W + s B A. Rounded to the weight's type once, or twice:
# the change first, then the sum.
def lora(self, w: Tensor, kind: int, a: Tensor, b: Tensor, scale: float, transposed: bool, twice: bool) -> List[Tensor]:
  delta = self.change(a, b, scale, transposed)
  if twice:
    delta = torch.to(delta, kind)
  return self.result(torch.add(w, delta), kind)

# A trained bias of B: b + s b_B
def lora_bias(self, w: Tensor, kind: int, b: Tensor, scale: float) -> List[Tensor]:
  return self.result(torch.add(w, torch.mul(b, scale)), kind)

# DoRA (Liu et al., 2024, arXiv 2402.09353): m (W + s B A) / |W + s B A|, the norm of each output's row;
# rounded once
def dora(self, w: Tensor, kind: int, a: Tensor, b: Tensor, magnitude: Tensor, scale: float, transposed: bool, twice: bool) -> List[Tensor]:
  whole = torch.add(w, self.change(a, b, scale, transposed))
  dim = 1
  if transposed:
    dim = 0
  norm = torch.linalg_vector_norm(whole, 2, [dim], True)
  factor = torch.div(torch.view_as(magnitude, norm), norm)
  return self.result(torch.mul(factor, whole), kind)

# AdaLoRA (Zhang et al., 2023, arXiv 2303.10512): W + alpha B (A * E) / rank; rounded once
def adalora(self, w: Tensor, kind: int, a: Tensor, e: Tensor, b: Tensor, alpha: float, rank: float, transposed: bool, twice: bool) -> List[Tensor]:
  delta = torch.div(self.change(torch.mul(a, e), b, alpha, transposed), rank)
  return self.result(torch.add(w, delta), kind)

# IA3 (Liu et al., 2022, arXiv 2205.05638): l times W; l is [out, 1] or [1, in]
def ia3(self, w: Tensor, kind: int, l: Tensor, transposed: bool, twice: bool) -> List[Tensor]:
  if transposed:
    l = torch.t(l)
  return self.result(torch.mul(w, l), kind)

# The bias of IA3: l times b; l is [out, 1]
def ia3_bias(self, w: Tensor, kind: int, l: Tensor) -> List[Tensor]:
  return self.result(torch.mul(w, torch.view_as(l, w)), kind)
