# T5 (Raffel et al., 2020, arXiv 1910.10683), v1.1 too (Shazeer, 2020, arXiv 2002.05202, for its
# gates), as in transformers: pre-norm encoder-decoder with RMSNorm. Distances are a bias of the
# scores, which all layers of a side share; scores are not divided by a root.
#
# encode is in t5_decoder.py, that of an encoder alone in t5_encoder.py.
#
# base.counts: layers of the encoder, heads, layers of the decoder, buckets of distances, the largest
#   distance. base.constants: epsilon, the factor of what the output embedding reads.
# base.tensors, those that a model lacks empty: 0 embedding, 1 2 biases of the encoder's and the
#   decoder's distances [buckets, heads], 3 4 last norms of both, 5 6 output embedding w b, w empty if it is
#   the embedding; then 16 a layer of the encoder, of which no b is there:
#   norm w, query w b, key w b, value w b, output w b, norm w, up (gate) w b, up behind a gate w b,
#   down w b
# and 25 of the decoder: the first nine, the same nine to the texts, the last seven.
# Sites: in the order of the linear layers above, those that are there; then the output
# embedding. Sublayers: 2 a layer of the encoder, then 3 of the decoder.

def encoded(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  x = self.embedded(self.embed(t[0], batch, adapters), base, adapters)  # [n, d]
  # attention divides by this root
  root = torch.sqrt(float(torch.size(t[8], 0) // base.heads))
  for g in range(len(batch.attention_mask)):
    width = torch.size(batch.attention_mask[g], 3)
    batch.attention_mask[g] = torch.add(batch.attention_mask[g], self.distances(t[1], width, width, True, base))
  for i in range(base.layers):
    w = 7 + 16 * i
    s = (6 + self.gates(base)) * i
    h = self.norm(x, w, base)
    q = torch.mul(self.linear(s, h, t[w + 1], t[w + 2], adapters), root)
    k = self.linear(s + 1, h, t[w + 3], t[w + 4], adapters)
    v = self.linear(s + 2, h, t[w + 5], t[w + 6], adapters)
    c = self.attention(2 * base.counts[2] + i, q, k, v, base.heads, batch, adapters)
    x = self.sublayer(2 * i, self.linear(s + 3, c, t[w + 7], t[w + 8], adapters), x, -1, base, adapters)
    x = self.feed_forward(2 * i + 1, x, w + 9, s + 4, base, adapters)
  return self.norm(x, 3, base)

# The feed-forward sublayer, whose tensors start at w and whose sites at s.
def feed_forward(self, place: int, x: Tensor, w: int, s: int, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  h = self.norm(x, w, base)
  f = self.activate(self.linear(s, h, t[w + 1], t[w + 2], adapters))  # [n, ff]
  if torch.numel(t[w + 3]) > 0:
    f = torch.mul(f, self.linear(s + 1, h, t[w + 3], t[w + 4], adapters))
  return self.sublayer(place, self.linear(s + 1 + self.gates(base), f, t[w + 5], t[w + 6], adapters), x, -1, base, adapters)

# 1 if feed-forward layers have a gate.
def gates(self, base: __torch__.Base) -> int:
  if torch.numel(base.tensors[19]) > 0:
    return 1
  return 0

def norm(self, x: Tensor, w: int, base: __torch__.Base) -> Tensor:
  square = torch.mean(torch.mul(x, x), [-1], True)
  return torch.mul(torch.mul(x, torch.rsqrt(torch.add(square, base.epsilon))), base.tensors[w])

# The bias of each pair of a query and a key, whose last is the last query: [1, heads, queries, keys].
# Half of a direction's buckets are distances, the others ranges of them by the logarithm, in fp32 as
# in transformers. A decoder has one direction.
def distances(self, table: Tensor, queries: int, keys: int, both: bool, base: __torch__.Base) -> Tensor:
  device = ops.prim.device(table)
  query = torch.add(torch.arange(queries, dtype=4, device=device), keys - queries)
  d = torch.sub(torch.arange(keys, dtype=4, device=device), torch.unsqueeze(query, 1))
  buckets = base.counts[3]
  after = torch.zeros_like(d)
  if both:
    buckets = buckets // 2
    after = torch.mul(torch.to(torch.gt(d, 0), 4), buckets)
    d = torch.abs(d)
  else:
    d = torch.neg(torch.clamp_max(d, 0))
  near = buckets // 2
  ratio = torch.log(torch.div(torch.to(torch.clamp_min(d, near), 6), near))
  range_of = torch.mul(torch.div(ratio, torch.log(base.counts[4] / near)), buckets - near)
  far = torch.clamp_max(torch.add(torch.to(range_of, 4), near), buckets - 1)
  bucket = torch.add(torch.where(torch.lt(d, near), d, far), after)
  # in one layout, which the sum with a mask takes over: another one goes through other kernels
  return torch.contiguous(torch.unsqueeze(torch.permute(torch.embedding(table, bucket), [2, 0, 1]), 0))
