# GPT-2 (Radford et al., 2019), as in transformers: pre-norm decoder with learned positions. Scores
# may not be divided by the root of a head's width, or be divided by the layer's number from 1 too.
#
# Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  x = torch.add(self.embed(base.word_embedding, batch, adapters), torch.embedding(base.position_embedding, batch.positions))
  x = self.after_embedding(x, base, adapters)  # [n, d]
  d = torch.size(x, 1)
  for i, layer in enumerate(base.layers):
    h = self.linear(layer.query_key_value, self.norm(x, layer.attention_norm, base), adapters)  # [n, 3*d]
    q = self.queries(i, torch.narrow(h, 1, 0, d), base)
    k = torch.narrow(h, 1, d, d)
    v = torch.narrow(h, 1, 2 * d, d)
    c = self.causal_attention(i, torch.contiguous(q), torch.contiguous(k), torch.contiguous(v), base.heads, batch, adapters)
    o = self.linear(layer.attention_output, c, adapters)
    x = self.sublayer(2 * i, o, x, None, base, adapters)
    f = self.activate(self.linear(layer.up, self.norm(x, layer.feed_forward_norm, base), adapters))  # [n, ff]
    o = self.linear(layer.down, f, adapters)
    x = self.sublayer(2 * i + 1, o, x, None, base, adapters)
  return self.norm(x, base.last_norm, base)

# Attention divides by the root: what is otherwise is made good in the queries.
def queries(self, layer: int, q: Tensor, base: __torch__.Base) -> Tensor:
  if not base.scaled:
    q = torch.mul(q, torch.sqrt(float(torch.size(q, 1) // base.heads)))
  if base.scaled_by_layer:
    q = torch.div(q, layer + 1)
  return q

def norm(self, x: Tensor, norm: __torch__.Norm, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], norm.weight, norm.bias, base.epsilon)

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return self.linear(self.output_embedding(base), hidden, adapters)
