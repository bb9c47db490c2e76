# T5's decoder behind its encoder in t5.py.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  texts = annotate(List[Tensor], [])
  if len(batch.past_key_values) == 0:
    texts.append(self.encoded(base, batch, adapters))
  target = self.target(batch)
  own = self.on_rows(batch.decoder.tokens_per_adapter, adapters)
  x = torch.embedding(base.word_embedding, target.ids)  # [m, d]
  root = self.root(base)
  masks = self.causal_masks(0, target, own)
  for g in range(len(masks)):
    queries = torch.numel(target.gather[g]) // torch.size(masks[g], 0)
    masks[g] = torch.add(masks[g], self.distances(base.decoder_distances, queries, torch.size(masks[g], 3), False, base))
  for i, layer in enumerate(base.decoder_layers):
    place = 2 * len(base.encoder_layers) + 3 * i
    attention = layer.self_attention
    h = self.norm(x, attention.norm, base)
    q = torch.mul(self.linear(attention.query, h, own), root)
    k = self.linear(attention.key, h, own)
    v = self.linear(attention.value, h, own)
    c = self.attention_under(masks, 2 * i, q, k, v, base.heads, target, own)
    x = self.sublayer(place, self.linear(attention.output, c, own), x, None, base, own)
    attention = layer.cross_attention
    told = annotate(List[Tensor], [])
    if len(texts) > 0:
      told.append(self.linear(attention.key, texts[0], adapters))
      told.append(self.linear(attention.value, texts[0], adapters))
    q = torch.mul(self.linear(attention.query, self.norm(x, attention.norm, base), own), root)
    c = self.cross_attention(2 * i + 1, q, told, base.heads, batch, own)
    x = self.sublayer(place + 1, self.linear(attention.output, c, own), x, None, base, own)
    x = self.feed_forward(place + 2, x, layer.feed_forward, base, own)
  return self.norm(x, base.decoder_norm, base)

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return self.linear(self.output_embedding(base), torch.mul(hidden, base.output_scale), adapters)
