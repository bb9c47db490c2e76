# A head that works on the pooled token itself.
def features(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  return self.pooled(hidden, batch)  # [t, d]
