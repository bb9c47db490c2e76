# The hook embed() of methods that leave the word embeddings as they are: [n, d].
def embed(self, table: Tensor, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  return torch.embedding(table, batch.ids)
