# Llama (Touvron et al., 2023, arXiv 2302.13971) and Qwen 2 and 3, as in transformers: pre-norm
# decoder with RMSNorm, rotary positions, grouped-query attention and SwiGLU.
#
# Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  x = self.after_embedding(self.embed(base.word_embedding, batch, adapters), base, adapters)  # [n, d]
  turn = self.rotation(x, base, batch)
  for i, layer in enumerate(base.layers):
    h = self.norm(x, layer.attention_norm, base)
    q = self.linear(layer.query, h, adapters)  # [n, heads*size]
    k = self.linear(layer.key, h, adapters)  # [n, key heads*size]
    v = self.linear(layer.value, h, adapters)
    q = self.rotated(q, layer.query_norm, turn, base)
    k = self.rotated(k, layer.key_norm, turn, base)
    c = self.causal_attention(i, q, k, v, base.heads, batch, adapters)
    o = self.linear(layer.attention_output, c, adapters)
    x = self.sublayer(2 * i, o, x, None, base, adapters)
    h = self.norm(x, layer.feed_forward_norm, base)
    gate = self.activate(self.linear(layer.gate, h, adapters))
    f = torch.mul(gate, self.linear(layer.up, h, adapters))  # [n, ff]
    o = self.linear(layer.down, f, adapters)
    x = self.sublayer(2 * i + 1, o, x, None, base, adapters)
  return self.norm(x, base.last_norm, base)

# RMSNorm (Zhang and Sennrich, 2019, arXiv 1910.07467).
def norm(self, x: Tensor, norm: __torch__.Norm, base: __torch__.Base) -> Tensor:
  square = torch.mean(torch.mul(x, x), [-1], True)
  return torch.mul(torch.mul(x, torch.rsqrt(torch.add(square, base.epsilon))), norm.weight)

# Cosine and sine of each token's angles: [n, 1, size/2].
def rotation(self, x: Tensor, base: __torch__.Base, batch: __torch__.Batch) -> List[Tensor]:
  f = torch.tensor(base.frequencies, dtype=ops.prim.dtype(x), device=ops.prim.device(x))
  angles = torch.mul(torch.unsqueeze(torch.to(batch.positions, ops.prim.dtype(x)), 1), f)
  return [torch.unsqueeze(torch.cos(angles), 1), torch.unsqueeze(torch.sin(angles), 1)]

# Rotary positions (Su et al., 2021, arXiv 2104.09864): the halves of each head are the two
# coordinates that turn. Before it each head is normalised, if the model has a norm for it.
def rotated(self, x: Tensor, norm: __torch__.Norm, turn: List[Tensor], base: __torch__.Base) -> Tensor:
  half = torch.size(turn[0], 2)
  y = torch.view(x, [torch.size(x, 0), -1, 2 * half])  # [n, heads, size]
  if torch.numel(norm.weight) > 0:
    y = self.norm(y, norm, base)
  a = torch.narrow(y, 2, 0, half)
  b = torch.narrow(y, 2, half, half)
  left = torch.sub(torch.mul(a, turn[0]), torch.mul(b, turn[1]))
  right = torch.add(torch.mul(b, turn[0]), torch.mul(a, turn[1]))
  return torch.reshape(torch.cat([left, right], 2), [torch.size(x, 0), -1])

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return self.linear(self.output_embedding(base), hidden, adapters)
