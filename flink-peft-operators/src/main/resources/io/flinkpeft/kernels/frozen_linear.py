# The hook linear() of methods that leave the linear layers as they are.
def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return self.frozen(layer, x)
