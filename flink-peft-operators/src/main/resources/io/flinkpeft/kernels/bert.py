# BERT (Devlin et al., 2018, arXiv 1810.04805), as in transformers: post-norm encoder. RoBERTa too.
#
# base.counts: layers, heads, the position of a text's first token, rows of the segment embedding.
# base.tensors: 0 word, 1 position, 2 segment embedding, 3 4 norm; then 16 a layer:
#   query w b, key w b, value w b, attention output w b, norm w b, up w b, down w b, norm w b
# and at last the pooler's w b, if there is one.
# Sites: 6 a layer, in the order of the linear layers above; then the pooler. Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  kinds = torch.clamp_max(batch.segments, base.counts[3] - 1)
  positions = torch.add(batch.positions, base.counts[2])
  e = torch.add(self.embed(t[0], batch, adapters), torch.embedding(t[2], kinds))
  x = self.norm(torch.add(e, torch.embedding(t[1], positions)), 3, base)
  x = self.embedded(x, base, adapters)  # [n, d]
  for i in range(base.layers):
    w = 5 + 16 * i
    s = 6 * i
    q = self.linear(s, x, t[w], t[w + 1], adapters)
    k = self.linear(s + 1, x, t[w + 2], t[w + 3], adapters)
    v = self.linear(s + 2, x, t[w + 4], t[w + 5], adapters)
    c = self.attention(i, q, k, v, base.heads, batch, adapters)
    o = self.linear(s + 3, c, t[w + 6], t[w + 7], adapters)
    x = self.sublayer(2 * i, o, x, w + 8, base, adapters)
    f = self.activate(self.linear(s + 4, x, t[w + 10], t[w + 11], adapters))  # [n, ff]
    o = self.linear(s + 5, f, t[w + 12], t[w + 13], adapters)
    x = self.sublayer(2 * i + 1, o, x, w + 14, base, adapters)
  return x

def norm(self, x: Tensor, w: int, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], base.tensors[w], base.tensors[w + 1], base.epsilon)

# The checkpoint's own features: the first token through the pooler.
def pool(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  w = 5 + 16 * base.layers
  first = torch.index_select(hidden, 0, batch.first_tokens)
  per_text = self.on_rows(adapters.texts_per_adapter, adapters)
  return torch.tanh(self.linear(6 * base.layers, first, base.tensors[w], base.tensors[w + 1], per_text))  # [t, d]
