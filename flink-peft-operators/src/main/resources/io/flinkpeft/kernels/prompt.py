# Prompt tuning (Lester et al., 2021, arXiv 2104.08691): x = [P; E[ids]]
#
# Each text has v tokens more than its own; batch.prompt_tokens holds their places, text by text. What
# stands there is the prompt [v, d] of the text's adapter.

def embed(self, table: Tensor, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  e = torch.embedding(table, batch.ids)  # [n, d]
  prompts = annotate(List[Tensor], [])
  for i in range(len(adapters.texts_per_adapter)):
    p = self.prompt(0, torch.size(table, 1), i, adapters)
    prompts.append(torch.repeat(p, [adapters.texts_per_adapter[i], 1]))
  return torch.index_copy(e, 0, batch.prompt_tokens, torch.cat(prompts))
