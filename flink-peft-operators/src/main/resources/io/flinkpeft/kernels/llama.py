# Llama (Touvron et al., 2023, arXiv 2302.13971) and Qwen 2 and 3, as in transformers: pre-norm decoder
# with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
#
# base.tensors: 0 embedding; then 18 a layer, those that a model lacks empty:
#   norm w, query w b, key w b, value w b, output w b, query norm w, key norm w,
#   norm w, gate w b, up w b, down w b
# and at last the norm's w and the output embedding's w b, w empty if it is the embedding.
# Sites: 7 a layer, in the order of the linear layers above; then the output embedding.
# Sublayers: 2 a layer.
# base.constants: epsilon, then the inverse frequencies of the rotation [size/2].

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  x = self.embedded(self.embed(t[0], batch, adapters), base, adapters)  # [n, d]
  turn = self.rotation(x, base, batch)
  for i in range(base.layers):
    w = 1 + 18 * i
    s = 7 * i
    h = self.norm(x, w, base)
    q = self.linear(s, h, t[w + 1], t[w + 2], adapters)  # [n, heads*size]
    k = self.linear(s + 1, h, t[w + 3], t[w + 4], adapters)  # [n, key heads*size]
    v = self.linear(s + 2, h, t[w + 5], t[w + 6], adapters)
    q = self.rotated(q, w + 9, turn, base)
    k = self.rotated(k, w + 10, turn, base)
    c = self.causal_attention(i, q, k, v, base.heads, batch, adapters)
    o = self.linear(s + 3, c, t[w + 7], t[w + 8], adapters)
    x = self.sublayer(2 * i, o, x, -1, base, adapters)
    h = self.norm(x, w + 11, base)
    gate = self.activate(self.linear(s + 4, h, t[w + 12], t[w + 13], adapters))
    f = torch.mul(gate, self.linear(s + 5, h, t[w + 14], t[w + 15], adapters))  # [n, ff]
    o = self.linear(s + 6, f, t[w + 16], t[w + 17], adapters)
    x = self.sublayer(2 * i + 1, o, x, -1, base, adapters)
  return self.norm(x, 1 + 18 * base.layers, base)

# RMSNorm (Zhang and Sennrich, 2019, arXiv 1910.07467).
def norm(self, x: Tensor, w: int, base: __torch__.Base) -> Tensor:
  square = torch.mean(torch.mul(x, x), [-1], True)
  return torch.mul(torch.mul(x, torch.rsqrt(torch.add(square, base.epsilon))), base.tensors[w])

# Cosine and sine of each token's angles: [n, 1, size/2].
def rotation(self, x: Tensor, base: __torch__.Base, batch: __torch__.Batch) -> List[Tensor]:
  frequencies = annotate(List[float], [])
  for i in range(1, len(base.constants)):
    frequencies.append(base.constants[i])
  f = torch.tensor(frequencies, dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  angles = torch.mul(torch.unsqueeze(torch.to(batch.positions, ops.prim.dtype(x)), 1), f)
  return [torch.unsqueeze(torch.cos(angles), 1), torch.unsqueeze(torch.sin(angles), 1)]

# Rotary positions (Su et al., 2021, arXiv 2104.09864): the halves of each head are the two
# coordinates that turn. Before it each head is normalised, if the model has a norm at w.
def rotated(self, x: Tensor, w: int, turn: List[Tensor], base: __torch__.Base) -> Tensor:
  half = torch.size(turn[0], 2)
  y = torch.view(x, [torch.size(x, 0), -1, 2 * half])  # [n, heads, size]
  if torch.numel(base.tensors[w]) > 0:
    y = self.norm(y, w, base)
  a = torch.narrow(y, 2, 0, half)
  b = torch.narrow(y, 2, half, half)
  left = torch.sub(torch.mul(a, turn[0]), torch.mul(b, turn[1]))
  right = torch.add(torch.mul(b, turn[0]), torch.mul(a, turn[1]))
  return torch.reshape(torch.cat([left, right], 2), [torch.size(x, 0), -1])

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  w = 2 + 18 * base.layers
  table = base.tensors[w]
  if torch.numel(table) == 0:
    table = base.tensors[0]
  return self.linear(7 * base.layers, hidden, table, base.tensors[w + 1], adapters)
