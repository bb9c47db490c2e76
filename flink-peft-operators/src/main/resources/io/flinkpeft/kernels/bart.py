# BART (Lewis et al., 2020, arXiv 1910.13461), as in transformers: post-norm encoder-decoder with
# learned positions.
#
# Sublayers: 2 a layer of the encoder, then 3 of the decoder.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  texts = annotate(List[Tensor], [])
  if len(batch.past_key_values) == 0:
    texts.append(self.encoded(base, batch, adapters))
  target = self.target(batch)
  own = self.on_rows(batch.decoder.tokens_per_adapter, adapters)
  e = torch.mul(torch.embedding(base.word_embedding, target.ids), base.embedding_scale)
  positions = torch.embedding(base.decoder_positions, torch.add(target.positions, base.first_position))
  x = self.norm(torch.add(e, positions), base.decoder_norm, base)  # [m, d]
  for i, layer in enumerate(base.decoder_layers):
    place = 2 * len(base.encoder_layers) + 3 * i
    attention = layer.self_attention
    q = self.linear(attention.query, x, own)
    k = self.linear(attention.key, x, own)
    v = self.linear(attention.value, x, own)
    c = self.causal_attention(2 * i, q, k, v, base.decoder_heads, target, own)
    x = self.sublayer(place, self.linear(attention.output, c, own), x, attention.norm, base, own)
    attention = layer.cross_attention
    told = annotate(List[Tensor], [])
    if len(texts) > 0:
      told.append(self.linear(attention.key, texts[0], adapters))
      told.append(self.linear(attention.value, texts[0], adapters))
    q = self.linear(attention.query, x, own)
    c = self.cross_attention(2 * i + 1, q, told, base.decoder_heads, batch, own)
    x = self.sublayer(place + 1, self.linear(attention.output, c, own), x, attention.norm, base, own)
    x = self.feed_forward(place + 2, x, layer.feed_forward, base, own)
  return x

def encoded(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  e = self.embed(base.word_embedding, batch, adapters)
  if base.embedding_scale != 1.:
    factors = torch.new_full(e, [torch.size(e, 0), 1], base.embedding_scale)
    e = torch.mul(e, torch.index_fill(factors, 0, batch.prompt_tokens, 1.))  # not those of a prompt
  positions = torch.embedding(base.encoder_positions, torch.add(batch.positions, base.first_position))
  x = self.norm(torch.add(e, positions), base.encoder_norm, base)
  x = self.after_embedding(x, base, adapters)  # [n, d]
  for i, layer in enumerate(base.encoder_layers):
    attention = layer.self_attention
    q = self.linear(attention.query, x, adapters)
    k = self.linear(attention.key, x, adapters)
    v = self.linear(attention.value, x, adapters)
    c = self.attention(2 * len(base.decoder_layers) + i, q, k, v, base.encoder_heads, batch, adapters)
    x = self.sublayer(2 * i, self.linear(attention.output, c, adapters), x, attention.norm, base, adapters)
    x = self.feed_forward(2 * i + 1, x, layer.feed_forward, base, adapters)
  return x

def feed_forward(self, place: int, x: Tensor, layer: __torch__.FeedForward, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  f = self.activate(self.linear(layer.up, x, adapters))  # [n, ff]
  return self.sublayer(place, self.linear(layer.down, f, adapters), x, layer.norm, base, adapters)

def norm(self, x: Tensor, norm: __torch__.Norm, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], norm.weight, norm.bias, base.epsilon)

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  logits = self.linear(self.output_embedding(base), hidden, adapters)
  if torch.numel(base.logits_bias) == 0:
    return logits
  return torch.add_(logits, torch.flatten(base.logits_bias))  # no second copy
