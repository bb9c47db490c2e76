# The checkpoint's own head: its features; the linear layer is the adapter's trained copy.

def features(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  return self.pool(hidden, base, batch, adapters)
