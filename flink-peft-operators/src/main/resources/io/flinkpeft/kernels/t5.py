# T5 (Raffel et al., 2020, arXiv 1910.10683), v1.1 too (Shazeer, 2020, arXiv 2002.05202, for its
# gates), as in transformers: pre-norm encoder-decoder with RMSNorm. Distances are a bias of the
# scores, which all layers of a side share; scores are not divided by a root.
#
# encode is in t5_decoder.py, that of an encoder alone in t5_encoder.py.
#
# Sublayers: 2 a layer of the encoder, then 3 of the decoder.

def encoded(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  x = self.after_embedding(self.embed(base.word_embedding, batch, adapters), base, adapters)  # [n, d]
  root = self.root(base)
  for g in range(len(batch.attention_mask)):
    width = torch.size(batch.attention_mask[g], 3)
    batch.attention_mask[g] = torch.add(batch.attention_mask[g], self.distances(base.encoder_distances, width, width, True, base))
  for i, layer in enumerate(base.encoder_layers):
    attention = layer.self_attention
    h = self.norm(x, attention.norm, base)
    q = torch.mul(self.linear(attention.query, h, adapters), root)
    k = self.linear(attention.key, h, adapters)
    v = self.linear(attention.value, h, adapters)
    c = self.attention(base.encoder_attention + i, q, k, v, base.heads, batch, adapters)
    x = self.sublayer(2 * i, self.linear(attention.output, c, adapters), x, None, base, adapters)
    x = self.feed_forward(2 * i + 1, x, layer.feed_forward, base, adapters)
  return self.norm(x, base.encoder_norm, base)

# Attention divides by this root, T5 does not.
def root(self, base: __torch__.Base) -> float:
  return torch.sqrt(float(torch.size(base.encoder_layers[0].self_attention.query.weight, 0) // base.heads))

def feed_forward(self, place: int, x: Tensor, layer: __torch__.FeedForward, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  h = self.norm(x, layer.norm, base)
  f = self.activate(self.linear(layer.up, h, adapters))  # [n, ff]
  if torch.numel(layer.gated_up.weight) > 0:
    f = torch.mul(f, self.linear(layer.gated_up, h, adapters))
  return self.sublayer(place, self.linear(layer.down, f, adapters), x, None, base, adapters)

def norm(self, x: Tensor, norm: __torch__.Norm, base: __torch__.Base) -> Tensor:
  square = torch.mean(torch.mul(x, x), [-1], True)
  return torch.mul(torch.mul(x, torch.rsqrt(torch.add(square, base.epsilon))), norm.weight)

# The bias of each pair of a query and a key, whose last is the last query: [1, heads, queries, keys].
# Half of a direction's buckets are distances, the others ranges of them by the logarithm, in fp32 as
# in transformers. A decoder has one direction.
def distances(self, table: Tensor, queries: int, keys: int, both: bool, base: __torch__.Base) -> Tensor:
  device = ops.prim.device(table)
  query = torch.add(torch.arange(queries, dtype=4, device=device), keys - queries)
  d = torch.sub(torch.arange(keys, dtype=4, device=device), torch.unsqueeze(query, 1))
  buckets = base.buckets
  after = torch.zeros_like(d)
  if both:
    buckets = buckets // 2
    after = torch.mul(torch.to(torch.gt(d, 0), 4), buckets)
    d = torch.abs(d)
  else:
    d = torch.neg(torch.clamp_max(d, 0))
  near = buckets // 2
  ratio = torch.log(torch.div(torch.to(torch.clamp_min(d, near), 6), near))
  range_of = torch.mul(torch.div(ratio, torch.log(base.max_distance / near)), buckets - near)
  far = torch.clamp_max(torch.add(torch.to(range_of, 4), near), buckets - 1)
  bucket = torch.add(torch.where(torch.lt(d, near), d, far), after)
  # in one layout, which the sum with a mask takes over: another one goes through other kernels
  return torch.contiguous(torch.unsqueeze(torch.permute(torch.embedding(table, bucket), [2, 0, 1]), 0))
