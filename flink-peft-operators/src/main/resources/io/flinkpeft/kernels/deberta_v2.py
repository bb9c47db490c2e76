# DeBERTa-v2 and v3 (He et al., 2021, arXiv 2006.03654 and 2111.09543), as in transformers: post-norm
# encoder with disentangled attention.
#
# Sublayers: 2 a layer.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  e = self.embed(base.word_embedding, batch, adapters)
  if torch.numel(base.position_embedding) > 0:
    e = torch.add(e, torch.embedding(base.position_embedding, batch.positions))
  if torch.numel(base.segment_embedding) > 0:
    segments = torch.clamp_max(batch.segments, torch.size(base.segment_embedding, 0) - 1)
    e = torch.add(e, torch.embedding(base.segment_embedding, segments))
  x = self.after_embedding(self.norm(e, base.embedding_norm, base), base, adapters)  # [n, d]
  own = self.of_distances(base, adapters)
  distances = self.distances(len(adapters.tokens_per_adapter), base)  # [a*2*span, d]
  places = annotate(List[Tensor], [])
  for g in range(len(batch.attention_mask)):
    places.append(self.places(torch.size(batch.attention_mask[g], 3), x, base))
  for i, layer in enumerate(base.layers):
    q = self.linear(layer.query, x, adapters)
    k = self.linear(layer.key, x, adapters)
    v = self.linear(layer.value, x, adapters)
    kd = distances
    qd = distances
    if base.shares_projections:
      kd = self.linear(layer.key, distances, own)
      qd = self.linear(layer.query, distances, own)
    else:
      if base.content_to_position:
        kd = self.linear(layer.distance_key, distances, own)
      if base.position_to_content:
        qd = self.linear(layer.distance_query, distances, own)
    c = self.disentangled(i, [q, k, v, kd, qd], places, base, batch, adapters)
    o = self.linear(layer.attention_output, c, adapters)
    x = self.sublayer(2 * i, o, x, layer.attention_norm, base, adapters)
    f = self.activate(self.linear(layer.up, x, adapters))  # [n, ff]
    o = self.linear(layer.down, f, adapters)
    x = self.sublayer(2 * i + 1, o, x, layer.output_norm, base, adapters)
  return x

def norm(self, x: Tensor, norm: __torch__.Norm, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], norm.weight, norm.bias, base.epsilon)

# The embedding of distances, once for each adapter: a method may change its projections.
def distances(self, adapters: int, base: __torch__.Base) -> Tensor:
  e = base.distance_embedding
  if torch.numel(base.distance_norm.weight) > 0:
    e = self.norm(e, base.distance_norm, base)
  return torch.repeat(e, [adapters, 1])

# The adapters as those of the distances.
def of_distances(self, base: __torch__.Base, adapters: __torch__.Adapters) -> __torch__.Adapters:
  rows = annotate(List[int], [])
  for i in range(len(adapters.tokens_per_adapter)):
    rows.append(2 * base.span)
  return self.on_rows(rows, adapters)

# The row of the embedding for each pair of a query's and a key's place: [width, width]. Distances
# beyond half of the buckets share one by the logarithm, in fp32 as in transformers.
def places(self, width: int, x: Tensor, base: __torch__.Base) -> Tensor:
  span = base.span
  i = torch.arange(width, dtype=4, device=ops.prim.device(x))
  d = torch.sub(torch.unsqueeze(i, 1), torch.unsqueeze(i, 0))
  if base.buckets > 0:
    half = base.buckets // 2
    far = torch.abs(d)
    ratio = torch.log(torch.div(torch.to(torch.clamp_min(far, half), 6), half))
    most = torch.log(torch.full([1], (base.max_distance - 1) / half, dtype=6, device=ops.prim.device(x)))
    bucket = torch.add(torch.ceil(torch.mul(torch.div(ratio, most), half - 1)), half)
    d = torch.where(torch.le(far, half), d, torch.mul(torch.to(bucket, 4), torch.sign(d)))
  return torch.clamp(torch.add(d, span), 0, 2 * span - 1)

# Attention by row to content and to distance: (q k + q kd + k qd) / sqrt(terms * d/heads). Everything
# that is multiplied lies in memory in one way, also in the backward pass: a group of one row could be
# read without a copy, and the last bits of a text would depend on whether another is in its group.
def disentangled(self, layer: int, x: List[Tensor], places: List[Tensor], base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  heads = base.heads
  width = torch.size(x[0], 1)
  own = [-1, 2 * base.span, heads, width // heads]
  scale = torch.sqrt(float((1 + int(base.content_to_position) + int(base.position_to_content)) * (width // heads)))
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
    if base.content_to_position:
      to = torch.matmul(q, torch.index_select(kd, 0, batch.adapter_of_row[g]))
      there = torch.gather(to, 3, torch.expand(places[g], square))
      scores = torch.add(scores, self.behind(before, there))
    if base.position_to_content:
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
  first = torch.index_select(hidden, 0, batch.first_tokens)
  per_text = self.on_rows(adapters.texts_per_adapter, adapters)
  return self.activate(self.linear(base.pooler, first, per_text))  # [t, d]
