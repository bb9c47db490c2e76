# Prefix tuning (Li and Liang, 2021, arXiv 2101.00190): each layer attends to v more keys and values
# than a text has tokens, k = [Pk; k], v = [Pv; v].
#
# An adapter's prefix is [v, 2 * attentions * width]: columns of attention a's keys, then of its
# values. method_constants: v; for encoder-decoders as PEFT has them the layers of an encoder, which
# the columns are for, and those of the decoder. There only the decoder's attention to itself has a
# prefix, and the columns are those of an attention's number, over and over.

def keys(self, layer: int, k: Tensor, adapter_of_row: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return self.prefixed(layer, 0, k, adapter_of_row, adapters)

def values(self, layer: int, v: Tensor, adapter_of_row: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return self.prefixed(layer, 1, v, adapter_of_row, adapters)

def prefixed(self, layer: int, value: int, x: Tensor, adapter_of_row: Tensor, adapters: __torch__.Adapters) -> Tensor:
  if self.bare(layer, adapters):
    return x
  place = 2 * layer + value
  if len(adapters.method_constants) > 1:
    place = place % (2 * int(adapters.method_constants[1]))
  heads = torch.size(x, 1)
  width = heads * torch.size(x, 3)
  prefixes = annotate(List[Tensor], [])
  for i in range(len(adapters.texts_per_adapter)):
    p = self.prompt(place * width, width, i, adapters)  # [v, width]
    prefixes.append(torch.transpose(torch.view(p, [-1, heads, torch.size(x, 3)]), 0, 1))
  own = torch.index_select(torch.stack(prefixes), 0, adapter_of_row)  # [rows, heads, v, width/heads]
  return torch.cat([own, x], 2)

def attention_mask(self, layer: int, mask: Tensor, adapters: __torch__.Adapters) -> Tensor:
  if self.bare(layer, adapters):
    return mask
  shape = [torch.size(mask, 0), torch.size(mask, 1), torch.size(mask, 2), int(adapters.method_constants[0])]
  return torch.cat([torch.new_zeros(mask, shape), mask], 3)

# Whether an attention has no prefix; sides.py has their numbers.
def bare(self, layer: int, adapters: __torch__.Adapters) -> bool:
  if len(adapters.method_constants) == 1:
    return False
  return layer % 2 == 1 or layer >= 2 * int(adapters.method_constants[2])
