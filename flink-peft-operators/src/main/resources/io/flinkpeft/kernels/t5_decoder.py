# T5's decoder behind its encoder in t5.py, which says what the tensors are.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  texts = annotate(List[Tensor], [])
  if len(batch.past_key_values) == 0:
    texts.append(self.encoded(base, batch, adapters))
  t = base.tensors
  target = self.target(batch)
  own = self.on_rows(batch.decoder.tokens_per_adapter, adapters)
  x = torch.embedding(t[0], target.ids)  # [m, d]
  root = torch.sqrt(float(torch.size(t[8], 0) // base.heads))
  masks = self.causal_masks(0, target, own)
  for g in range(len(masks)):
    queries = torch.numel(target.gather[g]) // torch.size(masks[g], 0)
    masks[g] = torch.add(masks[g], self.distances(t[2], queries, torch.size(masks[g], 3), False, base))
  gates = self.gates(base)
  for i in range(base.counts[2]):
    w = 7 + 16 * base.layers + 25 * i
    s = (6 + gates) * base.layers + (10 + gates) * i
    place = 2 * base.layers + 3 * i
    h = self.norm(x, w, base)
    q = torch.mul(self.linear(s, h, t[w + 1], t[w + 2], own), root)
    k = self.linear(s + 1, h, t[w + 3], t[w + 4], own)
    v = self.linear(s + 2, h, t[w + 5], t[w + 6], own)
    c = self.attention_under(masks, 2 * i, q, k, v, base.heads, target, own)
    x = self.sublayer(place, self.linear(s + 3, c, t[w + 7], t[w + 8], own), x, -1, base, own)
    told = annotate(List[Tensor], [])
    if len(texts) > 0:
      told.append(self.linear(s + 5, texts[0], t[w + 12], t[w + 13], adapters))
      told.append(self.linear(s + 6, texts[0], t[w + 14], t[w + 15], adapters))
    q = torch.mul(self.linear(s + 4, self.norm(x, w + 9, base), t[w + 10], t[w + 11], own), root)
    c = self.cross_attention(2 * i + 1, q, told, base.heads, batch, own)
    x = self.sublayer(place + 1, self.linear(s + 7, c, t[w + 16], t[w + 17], own), x, -1, base, own)
    x = self.feed_forward(place + 2, x, w + 18, s + 8, base, own)
  return self.norm(x, 4, base)

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  table = base.tensors[5]
  if torch.numel(table) == 0:
    table = base.tensors[0]
  site = (6 + self.gates(base)) * base.layers + (10 + self.gates(base)) * base.counts[2]
  return self.linear(site, torch.mul(hidden, base.constants[1]), table, base.tensors[6], adapters)
