# DeBERTa-v2 and v3 (He et al., 2021, arXiv 2006.03654 and 2111.09543), as in transformers: post-norm
# encoder with disentangled attention.
#
# base.counts: layers, heads, span, buckets (0: none), the largest distance, and as 0 or 1: content to
#   position, position to content, whether both share the projections of the content.
# base.tensors, those that a model lacks empty: 0 word, 1 position, 2 segment embedding, 3 4 norm,
#   5 embedding of distances [2*span, d], 6 7 its norm; then 20 a layer:
#   query w b, key w b, value w b, key of distances w b, query of distances w b,
#   attention output w b, norm w b, up w b, down w b, norm w b
# and at last the pooler's w b, if there is one.
# Sites: 6 a layer, and one for each projection of distances behind the value's; then the pooler.
# Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  e = self.embed(t[0], batch, adapters)
  if torch.numel(t[1]) > 0:
    e = torch.add(e, torch.embedding(t[1], batch.positions))
  if torch.numel(t[2]) > 0:
    e = torch.add(e, torch.embedding(t[2], torch.clamp_max(batch.segments, torch.size(t[2], 0) - 1)))
  x = self.embedded(self.norm(e, 3, base), base, adapters)  # [n, d]
  own = self.of_distances(base, adapters)
  distances = self.distances(len(adapters.tokens_per_adapter), base)  # [a*2*span, d]
  places = annotate(List[Tensor], [])
  for g in range(len(batch.attention_mask)):
    places.append(self.places(torch.size(batch.attention_mask[g], 3), x, base))
  p = self.projections(base)
  for i in range(base.layers):
    w = 8 + 20 * i
    s = (6 + p) * i
    q = self.linear(s, x, t[w], t[w + 1], adapters)
    k = self.linear(s + 1, x, t[w + 2], t[w + 3], adapters)
    v = self.linear(s + 2, x, t[w + 4], t[w + 5], adapters)
    kd = distances
    qd = distances
    if base.counts[7] == 1:
      kd = self.linear(s + 1, distances, t[w + 2], t[w + 3], own)
      qd = self.linear(s, distances, t[w], t[w + 1], own)
    else:
      if base.counts[5] == 1:
        kd = self.linear(s + 3, distances, t[w + 6], t[w + 7], own)
      if base.counts[6] == 1:
        qd = self.linear(s + 2 + p, distances, t[w + 8], t[w + 9], own)
    c = self.disentangled(i, [q, k, v, kd, qd], places, base, batch, adapters)
    o = self.linear(s + 3 + p, c, t[w + 10], t[w + 11], adapters)
    x = self.sublayer(2 * i, o, x, w + 12, base, adapters)
    f = self.activate(self.linear(s + 4 + p, x, t[w + 14], t[w + 15], adapters))  # [n, ff]
    o = self.linear(s + 5 + p, f, t[w + 16], t[w + 17], adapters)
    x = self.sublayer(2 * i + 1, o, x, w + 18, base, adapters)
  return x

def norm(self, x: Tensor, w: int, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], base.tensors[w], base.tensors[w + 1], base.epsilon)

# How many projections of distances a layer has of its own.
def projections(self, base: __torch__.Base) -> int:
  if base.counts[7] == 1:
    return 0
  return base.counts[5] + base.counts[6]

# The embedding of distances, once for each adapter: a method may change its projections.
def distances(self, adapters: int, base: __torch__.Base) -> Tensor:
  e = base.tensors[5]
  if torch.numel(base.tensors[6]) > 0:
    e = self.norm(e, 6, base)
  return torch.repeat(e, [adapters, 1])

# The adapters as those of the distances.
def of_distances(self, base: __torch__.Base, adapters: __torch__.Adapters) -> __torch__.Adapters:
  rows = annotate(List[int], [])
  for i in range(len(adapters.tokens_per_adapter)):
    rows.append(2 * base.counts[2])
  return self.on_rows(rows, adapters)

# The row of the embedding for each pair of a query's and a key's place: [width, width]. Distances
# beyond half of the buckets share one by the logarithm, in fp32 as in transformers.
def places(self, width: int, x: Tensor, base: __torch__.Base) -> Tensor:
  span = base.counts[2]
  i = torch.arange(width, dtype=4, device=ops.prim.device(x))
  d = torch.sub(torch.unsqueeze(i, 1), torch.unsqueeze(i, 0))
  if base.counts[3] > 0:
    half = base.counts[3] // 2
    far = torch.abs(d)
    ratio = torch.log(torch.div(torch.to(torch.clamp_min(far, half), 6), half))
    most = torch.log(torch.full([1], (base.counts[4] - 1) / half, dtype=6, device=ops.prim.device(x)))
    bucket = torch.add(torch.ceil(torch.mul(torch.div(ratio, most), half - 1)), half)
    d = torch.where(torch.le(far, half), d, torch.mul(torch.to(bucket, 4), torch.sign(d)))
  return torch.clamp(torch.add(d, span), 0, 2 * span - 1)

# Attention by row to content and to distance: (q k + q kd + k qd) / sqrt(terms * d/heads). Everything
# that is multiplied lies in memory in one way, also in the backward pass: a group of one row could be
# read without a copy, and the last bits of a text would depend on whether another is in its group.
def disentangled(self, layer: int, x: List[Tensor], places: List[Tensor], base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  heads = base.heads
  width = torch.size(x[0], 1)
  own = [-1, 2 * base.counts[2], heads, width // heads]
  scale = torch.sqrt(float((1 + base.counts[5] + base.counts[6]) * (width // heads)))
  kd = torch.permute(torch.view(x[3], own), [0, 2, 3, 1])  # [adapters, heads, d/heads, 2*span]
  qd = torch.permute(torch.view(x[4], own), [0, 2, 3, 1])
  joined = annotate(List[Tensor], [])
  for g in range(len(batch.attention_mask)):
    mask = batch.attention_mask[g]
    shape = [torch.size(mask, 0), torch.size(mask, 3), heads, width // heads]
    q = torch.contiguous(self.rows(x[0], g, shape, batch))  # [rows, heads, width, d/heads]
    k = torch.contiguous(self.rows(x[1], g, shape, batch))
    v = torch.contiguous(self.rows(x[2], g, shape, batch))
    square = [shape[0], heads, shape[1], shape[1]]
    keys = torch.contiguous(self.keys(layer, k, batch.adapter_of_row[g], adapters))  # [rows, heads, v + width, d/heads]
    values = torch.contiguous(self.values(layer, v, batch.adapter_of_row[g], adapters))
    before = torch.size(keys, 2) - shape[1]
    scores = torch.matmul(q, torch.transpose(keys, 2, 3))
    if base.counts[5] == 1:
      to = torch.matmul(q, torch.index_select(kd, 0, batch.adapter_of_row[g]))
      there = torch.gather(to, 3, torch.expand(places[g], square))
      scores = torch.add(scores, self.behind(before, there))
    if base.counts[6] == 1:
      to = torch.matmul(k, torch.index_select(qd, 0, batch.adapter_of_row[g]))
      back = torch.gather(to, 3, torch.expand(torch.transpose(places[g], 0, 1), square))
      scores = torch.add(scores, self.behind(before, torch.transpose(back, 2, 3)))
    share = torch.softmax(torch.add(torch.div(scores, scale), self.attention_mask(layer, mask, adapters)), -1)
    c = torch.matmul(share, values)
    joined.append(self.by_token(c, width))  # [rows*width, d]
  if torch.numel(batch.ungather) == 0:
    return joined[0]
  return torch.index_select(torch.cat(joined), 0, batch.ungather)  # [n, d]

# Scores by distance of a text's own keys, 0 for keys that a method puts before them: those are
# nowhere. The same in AdapterHub's library.
def behind(self, before: int, scores: Tensor) -> Tensor:
  if before == 0:
    return scores
  shape = [torch.size(scores, 0), torch.size(scores, 1), torch.size(scores, 2), before]
  return torch.cat([torch.new_zeros(scores, shape), scores], 3)

# [rows, heads, width, d/heads] as [rows*width, d], by an index: a transposed view would give the
# backward pass another layout.
def by_token(self, c: Tensor, d: int) -> Tensor:
  n = torch.size(c, 0) * torch.size(c, 1) * torch.size(c, 2)
  order = torch.view(torch.arange(n, device=ops.prim.device(c)), [torch.size(c, 0), torch.size(c, 1), torch.size(c, 2)])
  order = torch.reshape(torch.transpose(order, 1, 2), [-1])
  return torch.view(torch.index_select(torch.view(c, [n, torch.size(c, 3)]), 0, order), [-1, d])

# The checkpoint's own features: the first token through the pooler.
def pool(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  w = 8 + 20 * base.layers
  first = torch.index_select(hidden, 0, batch.first_tokens)
  per_text = self.on_rows(adapters.texts_per_adapter, adapters)
  site = (6 + self.projections(base)) * base.layers
  return self.activate(self.linear(site, first, base.tensors[w], base.tensors[w + 1], per_text))  # [t, d]
