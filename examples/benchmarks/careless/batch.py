# One group of attention for all texts, padded to the longest of the batch, where the product has one for each length class: what
# a text is padded to, and so its last bits, depend on the other texts.
def one_group(self, batch: __torch__.Batch) -> __torch__.Batch:
  lengths = torch.to(torch.squeeze(batch.lengths, 1), 4)  # [t]
  width = int(torch.max(lengths))
  places = torch.unsqueeze(torch.arange(width), 0)  # [1, width]
  real = torch.lt(places, torch.unsqueeze(lengths, 1))  # [t, width]
  index = torch.add(torch.unsqueeze(batch.first_tokens, 1), torch.mul(places, torch.to(real, 4)))
  padding = torch.log(torch.to(real, 6))  # log 0 = -inf
  rows = torch.unsqueeze(torch.unsqueeze(padding, 1), 1)
  ungather = torch.squeeze(torch.nonzero(torch.reshape(real, [-1])), 1)
  if torch.size(ungather, 0) == torch.numel(real):
    ungather = torch.narrow(ungather, 0, 0, 0)
  return __torch__.Batch(
    ids=batch.ids,
    positions=batch.positions,
    segments=batch.segments,
    ungather=ungather,
    gather=[torch.reshape(index, [-1])],
    attention_mask=[rows],
    adapter_of_row=batch.adapter_of_row,
    text_of_token=batch.text_of_token,
    first_tokens=batch.first_tokens,
    lengths=batch.lengths,
    prompt_tokens=batch.prompt_tokens,
    output_tokens=batch.output_tokens,
    tokens_per_adapter=batch.tokens_per_adapter,
    texts_per_adapter=batch.texts_per_adapter,
    outputs_per_adapter=batch.outputs_per_adapter,
    past_key_values=batch.past_key_values,
    use_cache=batch.use_cache,
    decoder=batch.decoder)
