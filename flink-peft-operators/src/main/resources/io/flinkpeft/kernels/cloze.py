# Classification by words at a mask (Schick and Schuetze, 2021, arXiv 2001.07676, section 3.1): the
# score of a label is the mean of its words' logits there, by the head of the masked language model.
#
# labels [masks + 2 * words]: the number of each mask's label, then the tokens of the words, then the
# label of each word.

def outputs(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters, classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.output_tokens)
  transformed = annotate(List[Tensor], [])
  gaps = torch.split_with_sizes(hidden, batch.outputs_per_adapter)
  for x in gaps:
    transformed.append(self.norm(self.activate(self.frozen(base.masked_lm_dense, x)), base.masked_lm_norm, base))
  hidden = self.before_output(torch.cat(transformed), batch.outputs_per_adapter, base, adapters)  # [masks, d]
  table = base.masked_lm_output
  if torch.numel(table) == 0:
    table = base.word_embedding
  own = torch.split_with_sizes(hidden, batch.outputs_per_adapter)
  result = annotate(List[Tensor], [])
  for i in range(len(labels)):
    masks = batch.outputs_per_adapter[i]
    words = torch.view(torch.narrow(labels[i], 0, masks, torch.numel(labels[i]) - masks), [2, -1])
    tokens = torch.select(words, 0, 0)
    owners = torch.select(words, 0, 1)
    of_words = __torch__.Linear(
      weight=torch.index_select(table, 0, tokens),
      bias=torch.index_select(base.masked_lm_bias, 0, tokens),
      site=-1)
    logits = self.frozen(of_words, own[i])
    sums = torch.index_add(torch.new_zeros(logits, [masks, classes[i]]), 1, owners, logits)
    counts = torch.index_add(torch.new_zeros(logits, [classes[i]]), 0, owners, torch.new_ones(logits, [torch.numel(owners)]))
    result.append(torch.div(sums, counts))  # [masks, classes]
  return result

# The mean cross entropy over the labels; weights are 1/labelled, 0 without label.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  each = torch.cross_entropy_loss(output, torch.narrow(labels, 0, 0, torch.size(output, 0)), None, 0)
  return torch.sum(torch.mul(each, weights))
