# Causal language model: the negative log likelihood of each token that is a target, by the hidden
# state of the token before it. Logits exist at those tokens only.

def outputs(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters, classes: List[int], labels: List[Tensor]) -> List[Tensor]:
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.output_tokens)
  hidden = self.before_output(hidden, batch.outputs_per_adapter, base, adapters)
  own = torch.split_with_sizes(hidden, batch.outputs_per_adapter)
  result = annotate(List[Tensor], [])
  for i in range(len(labels)):
    logits = self.vocabulary(own[i], base, self.only(i, batch.outputs_per_adapter[i], adapters))  # [targets, v]
    result.append(torch.cross_entropy_loss(logits, labels[i], None, 0))
  return result

# One of the adapters, on rows of its own.
def only(self, i: int, rows: int, adapters: __torch__.Adapters) -> __torch__.Adapters:
  return __torch__.Adapters(
    params=torch.slice(adapters.params, adapters.stride * i, adapters.stride * (i + 1), 1),
    stride=adapters.stride,
    tokens_per_adapter=[rows],
    texts_per_adapter=[1],
    head_index=adapters.head_index,
    param_index=adapters.param_index,
    scales=adapters.scales,
    method_constants=adapters.method_constants,
    dropout=adapters.dropout,
    seeds=torch.slice(adapters.seeds, i, i + 1, 1))

# The mean over the targets of one adapter's batch; weights are 1/targets.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  return torch.sum(torch.mul(output, weights))

# What follows: logits of the token after each output, then for each attention and group the keys and
# the values up to here, which the next call takes as past.
def next(self, adapted: __torch__.Adapted, batch: __torch__.Batch) -> List[Tensor]:
  params = self.params(adapted.rows, adapted)
  base = self.base(params, adapted)
  adapters = self.adapters(params, batch.tokens_per_adapter, batch.texts_per_adapter, adapted)
  hidden = torch.index_select(self.encode(base, batch, adapters), 0, batch.output_tokens)
  hidden = self.before_output(hidden, batch.outputs_per_adapter, base, adapters)
  result = [self.vocabulary(hidden, base, self.on_rows(batch.outputs_per_adapter, adapters))]  # [texts, v]
  result.extend(batch.past_key_values)
  return result
