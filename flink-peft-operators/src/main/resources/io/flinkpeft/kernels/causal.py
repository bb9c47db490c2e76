# Attention of decoders by row: a token attends to those before it and to itself. Keys and values may
# have fewer heads than queries (grouped-query attention, Ainslie et al., 2023, arXiv 2305.13245).
def causal_attention(self, layer: int, q: Tensor, k: Tensor, v: Tensor, heads: int, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  masks = self.causal_masks(layer, batch, adapters)
  return self.attention_under(masks, layer, q, k, v, heads, batch, adapters)

# What the tokens of each group see: [rows, 1, width, keys].
def causal_masks(self, layer: int, batch: __torch__.Batch, adapters: __torch__.Adapters) -> List[Tensor]:
  masks = annotate(List[Tensor], [])
  for g in range(len(batch.attention_mask)):
    width = torch.numel(batch.gather[g]) // torch.size(batch.attention_mask[g], 0)
    masks.append(self.attention_mask(layer, self.causal(batch.attention_mask[g], width), adapters))
  return masks

def attention_under(self, masks: List[Tensor], layer: int, q: Tensor, k: Tensor, v: Tensor, heads: int, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  size = torch.size(q, 1) // heads
  joined = annotate(List[Tensor], [])
  for g in range(len(batch.attention_mask)):
    rows = torch.size(batch.attention_mask[g], 0)
    width = torch.numel(batch.gather[g]) // rows
    own = [rows, width, torch.size(k, 1) // size, size]
    ks = self.rows(k, g, own, batch)
    vs = self.rows(v, g, own, batch)
    at = 2 * (layer * len(batch.attention_mask) + g)
    if at < len(batch.past_key_values):
      ks = torch.cat([batch.past_key_values[at], ks], 2)
      vs = torch.cat([batch.past_key_values[at + 1], vs], 2)
    self.remember(at, ks, vs, batch)
    ks = self.shared(self.keys(layer, ks, batch.adapter_of_row[g], adapters), heads)
    vs = self.shared(self.values(layer, vs, batch.adapter_of_row[g], adapters), heads)
    c = self.attend(self.rows(q, g, [rows, width, heads, size], batch), ks, vs, masks[g])
    joined.append(torch.reshape(torch.transpose(c, 1, 2), [-1, heads * size]))  # [rows*width, heads*size]
  if torch.numel(batch.ungather) == 0:
    return joined[0]
  return torch.index_select(torch.cat(joined), 0, batch.ungather)  # [n, heads*size]

# Keeps the keys and values of an attention's group, those of its earlier tokens included.
def remember(self, at: int, keys: Tensor, values: Tensor, batch: __torch__.Batch) -> None:
  if batch.use_cache:
    if at < len(batch.past_key_values):
      batch.past_key_values[at] = keys
      batch.past_key_values[at + 1] = values
    else:
      batch.past_key_values.extend([keys, values])

# A head of keys or values for each head of queries.
def shared(self, x: Tensor, heads: int) -> Tensor:
  if torch.size(x, 1) == heads:
    return x
  return torch.repeat_interleave(x, heads // torch.size(x, 1), 1)

# [rows, 1, width, keys]; a single query is the last token and sees all.
def causal(self, mask: Tensor, width: int) -> Tensor:
  if width == 1:
    return mask
  later = torch.triu(torch.log(torch.new_zeros(mask, [width, width])), 1)  # log 0 = -inf
  return torch.add(mask, later)

# The output embedding, which is that of the words if the model has none of its own.
def output_embedding(self, base: __torch__.Base) -> __torch__.Linear:
  if torch.numel(base.output.weight) > 0:
    return base.output
  return __torch__.Linear(weight=base.word_embedding, bias=base.output.bias, site=base.output.site)
