# A batch of two sides, as encoder-decoders take it: texts, which are encoded, and their targets,
# which attend to them. types.py says what a side's tensors are. Where keys and values are kept, a
# later call has no texts.
#
# Attentions: 2*l is that of layer l of the decoder to itself, 2*l+1 that to the texts; behind them
# those of the encoder.

# The targets as a batch of their own.
def target(self, batch: __torch__.Batch) -> __torch__.Batch:
  return __torch__.Batch(
    ids=batch.decoder.ids,
    positions=batch.decoder.positions,
    segments=batch.segments,
    ungather=batch.decoder.ungather,
    gather=batch.decoder.gather,
    attention_mask=batch.decoder.attention_mask,
    adapter_of_row=batch.decoder.adapter_of_row,
    text_of_token=batch.text_of_token,
    first_tokens=batch.first_tokens,
    lengths=batch.lengths,
    prompt_tokens=batch.prompt_tokens,
    output_tokens=batch.output_tokens,
    tokens_per_adapter=batch.decoder.tokens_per_adapter,
    texts_per_adapter=batch.texts_per_adapter,
    outputs_per_adapter=batch.outputs_per_adapter,
    past_key_values=batch.past_key_values,
    use_cache=batch.use_cache,
    decoder=batch.decoder)

# Attention of the targets' tokens to their texts. told: the texts' keys and values [n, heads*size],
# or nothing if they were kept.
def cross_attention(self, number: int, q: Tensor, told: List[Tensor], heads: int, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  target = self.target(batch)
  size = torch.size(q, 1) // heads
  joined = annotate(List[Tensor], [])
  for g in range(len(target.attention_mask)):
    mask = batch.decoder.cross_attention_mask[g]
    rows = torch.size(mask, 0)
    width = torch.numel(target.gather[g]) // rows
    at = 2 * (number * len(target.attention_mask) + g)
    if len(told) == 0:
      ks = batch.past_key_values[at]
      vs = batch.past_key_values[at + 1]
    else:
      index = batch.decoder.cross_gather[g]
      shape = [rows, torch.size(mask, 3), heads, size]
      ks = torch.transpose(torch.view(torch.index_select(told[0], 0, index), shape), 1, 2)
      vs = torch.transpose(torch.view(torch.index_select(told[1], 0, index), shape), 1, 2)
    self.remember(at, ks, vs, batch)
    ks = self.keys(number, ks, target.adapter_of_row[g], adapters)
    vs = self.values(number, vs, target.adapter_of_row[g], adapters)
    c = self.attend(self.rows(q, g, [rows, width, heads, size], target), ks, vs, self.attention_mask(number, mask, adapters))
    joined.append(torch.reshape(torch.transpose(c, 1, 2), [-1, heads * size]))  # [rows*width, heads*size]
  if torch.numel(target.ungather) == 0:
    return joined[0]
  return torch.index_select(torch.cat(joined), 0, target.ungather)  # [m, heads*size]
