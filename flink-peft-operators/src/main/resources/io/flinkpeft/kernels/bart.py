# BART (Lewis et al., 2020, arXiv 1910.13461), as in transformers: post-norm encoder-decoder with
# learned positions.
#
# base.counts: layers and heads of the encoder, layers and heads of the decoder.
#   base.constants: epsilon, the factor of word embeddings.
# base.tensors, those that a model lacks empty: 0 word embedding, 1 2 position embeddings of the
#   encoder and the decoder, 3 4 and 5 6 their norms w b, 7 bias behind the logits, 8 9 output
#   embedding w b, w empty if it is the word embedding; then 16 a layer of the encoder:
#   query w b, key w b, value w b, output w b, norm w b, up w b, down w b, norm w b
# and 26 of the decoder: the first ten, the same ten to the texts, the last six.
# Sites: 6 a layer of the encoder, 10 of the decoder, in the order of the linear layers above; then the
# output embedding.
# Sublayers: 2 a layer of the encoder, then 3 of the decoder.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  texts = annotate(List[Tensor], [])
  if len(batch.past_key_values) == 0:
    texts.append(self.encoded(base, batch, adapters))
  t = base.tensors
  heads = base.counts[3]
  target = self.target(batch)
  own = self.on_rows(batch.decoder.tokens_per_adapter, adapters)
  e = torch.mul(torch.embedding(t[0], target.ids), base.constants[1])
  x = self.norm(torch.add(e, torch.embedding(t[2], torch.add(target.positions, 2))), 5, base)  # [m, d]
  for i in range(base.counts[2]):
    w = 10 + 16 * base.layers + 26 * i
    s = 6 * base.layers + 10 * i
    place = 2 * base.layers + 3 * i
    q = self.linear(s, x, t[w], t[w + 1], own)
    k = self.linear(s + 1, x, t[w + 2], t[w + 3], own)
    v = self.linear(s + 2, x, t[w + 4], t[w + 5], own)
    c = self.causal_attention(2 * i, q, k, v, heads, target, own)
    x = self.sublayer(place, self.linear(s + 3, c, t[w + 6], t[w + 7], own), x, w + 8, base, own)
    told = annotate(List[Tensor], [])
    if len(texts) > 0:
      told.append(self.linear(s + 5, texts[0], t[w + 12], t[w + 13], adapters))
      told.append(self.linear(s + 6, texts[0], t[w + 14], t[w + 15], adapters))
    q = self.linear(s + 4, x, t[w + 10], t[w + 11], own)
    c = self.cross_attention(2 * i + 1, q, told, heads, batch, own)
    x = self.sublayer(place + 1, self.linear(s + 7, c, t[w + 16], t[w + 17], own), x, w + 18, base, own)
    x = self.feed_forward(place + 2, x, w + 20, s + 8, base, own)
  return x

def encoded(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  e = self.embed(t[0], batch, adapters)
  if base.constants[1] != 1.:
    factors = torch.new_full(e, [torch.size(e, 0), 1], base.constants[1])
    e = torch.mul(e, torch.index_fill(factors, 0, batch.prompt_tokens, 1.))  # not those of a prompt
  x = self.norm(torch.add(e, torch.embedding(t[1], torch.add(batch.positions, 2))), 3, base)
  x = self.embedded(x, base, adapters)  # [n, d]
  for i in range(base.layers):
    w = 10 + 16 * i
    s = 6 * i
    q = self.linear(s, x, t[w], t[w + 1], adapters)
    k = self.linear(s + 1, x, t[w + 2], t[w + 3], adapters)
    v = self.linear(s + 2, x, t[w + 4], t[w + 5], adapters)
    c = self.attention(2 * base.counts[2] + i, q, k, v, base.heads, batch, adapters)
    x = self.sublayer(2 * i, self.linear(s + 3, c, t[w + 6], t[w + 7], adapters), x, w + 8, base, adapters)
    x = self.feed_forward(2 * i + 1, x, w + 10, s + 4, base, adapters)
  return x

# The feed-forward sublayer, whose tensors start at w and whose sites at s.
def feed_forward(self, place: int, x: Tensor, w: int, s: int, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  t = base.tensors
  f = self.activate(self.linear(s, x, t[w], t[w + 1], adapters))  # [n, ff]
  o = self.linear(s + 1, f, t[w + 2], t[w + 3], adapters)
  return self.sublayer(place, o, x, w + 4, base, adapters)

def norm(self, x: Tensor, w: int, base: __torch__.Base) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], base.tensors[w], base.tensors[w + 1], base.epsilon)

# Logits of the vocabulary: [k, v]. The adapters are on the rows of hidden.
def vocabulary(self, hidden: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  table = base.tensors[8]
  if torch.numel(table) == 0:
    table = base.tensors[0]
  site = 6 * base.layers + 10 * base.counts[2]
  logits = self.linear(site, hidden, table, base.tensors[9], adapters)
  if torch.numel(base.tensors[7]) == 0:
    return logits
  return torch.add_(logits, torch.flatten(base.tensors[7]))  # no second copy
