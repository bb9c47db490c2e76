# GPT-2 (Radford et al., 2019), as in transformers: pre-norm decoder with learned positions. Its
# weights are [in, out].
#
# base.counts: layers, heads, and as 0 or 1: whether scores are divided by the root of a head's width,
#   whether they are divided by the layer's number from 1.
# base.tensors: 0 token, 1 position embedding; then 12 a layer:
#   norm w b, query-key-value w b, attention output w b, norm w b, up w b, down w b
# and at last the norm's w b and the output embedding's w b, w empty if it is the token embedding.
# Sites: 4 a layer, in the order of the linear layers above; then the output embedding.
# Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  x = torch.add(self.embed(t[0], batch, adapters), torch.embedding(t[1], batch.positions))
  x = self.embedded(x, base, adapters)  # [n, d]
  d = torch.size(x, 1)
  for i in range(base.layers):
    w = 2 + 12 * i
    s = 4 * i
    h = self.linear(s, self.norm(x, w, base), torch.t(t[w + 2]), t[w + 3], adapters)  # [n, 3*d]
    q = self.queries(i, torch.narrow(h, 1, 0, d), base)
    k = torch.narrow(h, 1, d, d)
    v = torch.narrow(h, 1, 2 * d, d)
    c = self.causal_attention(i, torch.contiguous(q), torch.contiguous(k), torch.contiguous(v), base.heads, batch, adapters)
    o = self.linear(s + 1, c, torch.t(t[w + 4]), t[w + 5], adapters)
    x = self.sublayer(2 * i, o, x, -1, base, adapters)
    f = self.activate(self.linear(s + 2, self.norm(x, w + 6, base), torch.t(t[w + 8]), t[w + 9], adapters))  # [n, ff]
    o = self.linear(s + 3, f, torch.t(t[w + 10]), t[w + 11], adapters)
    x = self.sublayer(2 * i + 1, o, x, -1, base, adapters)
  return self.norm(x, 2 + 12 * base.layers, base)

# Attention divides by the root: what is otherwise is made good in the queries.
def queries(self, layer: int, q: Tensor, base: __torch__.Base) -> Tensor:
  if base.counts[2] == 0:
    q = torch.mul(q, torch.sqrt(float(torch.size(q, 1) // base.heads)))
  if base.counts[3] == 1:
    q = torch.div(q, layer + 1)
  return q

def norm(self, x: Tensor, w: int, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], base.tensors[w], base.tensors[w + 1], base.epsilon)

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  w = 4 + 12 * base.layers
  table = base.tensors[w]
  if torch.numel(table) == 0:
    table = base.tensors[0]
  return self.linear(4 * base.layers, hidden, table, base.tensors[w + 1], adapters)
