# The hooks keys(), values() and attention_mask() of methods that add nothing to a layer's keys and
# values: [rows, heads, width, d/heads], and the mask over them.
def keys(self, layer: int, k: Tensor, adapter_of_row: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return k

def values(self, layer: int, v: Tensor, adapter_of_row: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return v

def attention_mask(self, layer: int, mask: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return mask
