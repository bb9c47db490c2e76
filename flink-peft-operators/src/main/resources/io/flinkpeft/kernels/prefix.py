# Prefix tuning (Li and Liang, 2021, arXiv 2101.00190): each layer attends to v more keys and values
# than a text has tokens, k = [Pk; k], v = [Pv; v].
#
# An adapter's prefix is [v, 2 * layers * width]: columns of layer l's keys, then of its values.

def keys(self, layer: int, k: Tensor, owners: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return self.prefixed(2 * layer, k, owners, adapters)

def values(self, layer: int, v: Tensor, owners: Tensor, adapters: __torch__.Adapters) -> Tensor:
  return self.prefixed(2 * layer + 1, v, owners, adapters)

def prefixed(self, place: int, x: Tensor, owners: Tensor, adapters: __torch__.Adapters) -> Tensor:
  heads = torch.size(x, 1)
  width = heads * torch.size(x, 3)
  prefixes = annotate(List[Tensor], [])
  for i in range(len(adapters.texts)):
    p = self.prompt(place * width, width, i, adapters)  # [v, width]
    prefixes.append(torch.transpose(torch.view(p, [-1, heads, torch.size(x, 3)]), 0, 1))
  own = torch.index_select(torch.stack(prefixes), 0, owners)  # [rows, heads, v, width/heads]
  return torch.cat([own, x], 2)

def visible(self, mask: Tensor, adapters: __torch__.Adapters) -> Tensor:
  shape = [torch.size(mask, 0), 1, torch.size(mask, 2), int(adapters.numbers[0])]
  return torch.cat([torch.new_zeros(mask, shape), mask], 3)
