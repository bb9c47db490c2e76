# BERT (Devlin et al., 2018, arXiv 1810.04805), as in transformers: post-norm encoder. RoBERTa too.
#
# Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  segments = torch.clamp_max(batch.segments, torch.size(base.segment_embedding, 0) - 1)
  positions = torch.add(batch.positions, base.first_position)
  e = torch.add(self.embed(base.word_embedding, batch, adapters), torch.embedding(base.segment_embedding, segments))
  x = self.norm(torch.add(e, torch.embedding(base.position_embedding, positions)), base.embedding_norm, base)
  x = self.after_embedding(x, base, adapters)  # [n, d]
  for i, layer in enumerate(base.layers):
    q = self.linear(layer.query, x, adapters)
    k = self.linear(layer.key, x, adapters)
    v = self.linear(layer.value, x, adapters)
    c = self.attention(i, q, k, v, base.heads, batch, adapters)
    o = self.linear(layer.attention_output, c, adapters)
    x = self.sublayer(2 * i, o, x, layer.attention_norm, base, adapters)
    f = self.activate(self.linear(layer.up, x, adapters))  # [n, ff]
    o = self.linear(layer.down, f, adapters)
    x = self.sublayer(2 * i + 1, o, x, layer.output_norm, base, adapters)
  return x

def norm(self, x: Tensor, norm: __torch__.Norm, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], norm.weight, norm.bias, base.epsilon)

# The checkpoint's own features: the first token through the pooler.
def pool(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  first = torch.index_select(hidden, 0, batch.first_tokens)
  per_text = self.on_rows(adapters.texts_per_adapter, adapters)
  return torch.tanh(self.linear(base.pooler, first, per_text))  # [t, d]
