# LoRA in optimizer form (Su, 2023, kexue.fm/archives/9590): y = x (W + scale * B A)^T + b
#
# The network has plain weights, no path beside them. A and B get the weight's gradient G projected,
# scale * B^T G and scale * G A^T, and the weight moves by the difference of their products. It is
# made anew from the frozen W each time: small differences added to it would be lost to rounding.
# Params and their index as in lora.py.

def linear(self, layer: __torch__.Linear, x: Tensor, adapters: __torch__.Adapters) -> Tensor:
  if adapters.param_index[layer.site] < 0:
    return self.frozen(layer, x)
  own = torch.split_with_sizes(x, adapters.tokens_per_adapter)
  outputs = annotate(List[Tensor], [])
  for i in range(len(adapters.tokens_per_adapter)):
    moved = __torch__.Linear(
      weight=self.weight(layer.weight, i, layer.site, adapters), bias=layer.bias, site=layer.site)
    outputs.append(self.frozen(moved, own[i]))
  if len(adapters.tokens_per_adapter) == 1:
    return outputs[0]
  return torch.cat(outputs)

def weight(self, w: Tensor, adapter: int, site: int, adapters: __torch__.Adapters) -> Tensor:
  first = adapters.stride * adapter
  a = adapters.params[first + adapters.param_index[site]]
  b = adapters.params[first + adapters.param_index[len(adapters.scales) + site]]
  return torch.add(torch.to(w, ops.prim.dtype(a)), torch.matmul(b, a), alpha=adapters.scales[site])
