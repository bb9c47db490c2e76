# T5's encoder alone.

def encode(self, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  return self.encoded(base, batch, adapters)
