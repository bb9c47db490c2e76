# A batch of two sides, as encoder-decoders take it: texts, which are encoded, and their targets,
# which attend to them. batch.py says what a side's tensors are; lists hold both, one after the other:
#
#   batch.second      0 token and 1 position of each of the targets' m tokens, 2 their ungather
#   gather, mask      the texts' groups, the targets', then for each of these the texts of its rows
#   owners            the texts' groups, the targets'
#   adapters.tokens   of each adapter's texts, then of its targets
#   outputs, shares   among the targets' tokens
#
# Rows of a targets' group are of one width, and their texts as well. Where keys and values are kept,
# a later call has no texts.
#
# Attentions: 2*l is that of layer l of the decoder to itself, 2*l+1 that to the texts; behind them
# those of the encoder.

def source(self, batch: __torch__.Batch) -> __torch__.Batch:
  n = 2 * len(batch.owners) - len(batch.gather)
  gather = self.part(batch.gather, 0, n)
  mask = self.part(batch.mask, 0, n)
  owners = self.part(batch.owners, 0, n)
  return __torch__.Batch(batch.ids, batch.positions, batch.kinds, gather, mask, batch.ungather, batch.texts, batch.firsts, batch.lengths, batch.prompts, owners, batch.outputs, batch.shares, batch.past, batch.kept, batch.keeps, batch.second)

def target(self, batch: __torch__.Batch) -> __torch__.Batch:
  groups = len(batch.gather) - len(batch.owners)
  n = len(batch.owners) - groups
  gather = self.part(batch.gather, n, groups)
  mask = self.part(batch.mask, n, groups)
  owners = self.part(batch.owners, n, groups)
  return __torch__.Batch(batch.second[0], batch.second[1], batch.kinds, gather, mask, batch.second[2], batch.texts, batch.firsts, batch.lengths, batch.prompts, owners, batch.outputs, batch.shares, batch.past, batch.kept, batch.keeps, batch.second)

def part(self, tensors: List[Tensor], first: int, count: int) -> List[Tensor]:
  some = annotate(List[Tensor], [])
  for i in range(count):
    some.append(tensors[first + i])
  return some

# The adapters as those of the texts (side 0) or of the targets (1).
def on_side(self, side: int, adapters: __torch__.Adapters) -> __torch__.Adapters:
  count = len(adapters.tokens) // 2
  tokens = annotate(List[int], [])
  for i in range(count):
    tokens.append(adapters.tokens[side * count + i])
  return self.on_rows(tokens, adapters)

# Attention of the targets' tokens to their texts. told: the texts' keys and values [n, heads*size],
# or nothing if they were kept.
def cross_attention(self, number: int, q: Tensor, told: List[Tensor], heads: int, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  target = self.target(batch)
  size = torch.size(q, 1) // heads
  joined = annotate(List[Tensor], [])
  for g in range(len(target.mask)):
    mask = batch.mask[len(batch.owners) + g]
    rows = torch.size(mask, 0)
    width = torch.numel(target.gather[g]) // rows
    if len(told) == 0:
      at = 2 * (number * len(target.mask) + g)
      ks = batch.past[at]
      vs = batch.past[at + 1]
    else:
      index = batch.gather[len(batch.owners) + g]
      shape = [rows, torch.size(mask, 3), heads, size]
      ks = torch.transpose(torch.view(torch.index_select(told[0], 0, index), shape), 1, 2)
      vs = torch.transpose(torch.view(torch.index_select(told[1], 0, index), shape), 1, 2)
    if batch.keeps:
      batch.kept.append(ks)
      batch.kept.append(vs)
    ks = self.keys(number, ks, target.owners[g], adapters)
    vs = self.values(number, vs, target.owners[g], adapters)
    c = self.attend(self.rows(q, g, [rows, width, heads, size], target), ks, vs, self.visible(number, mask, adapters))
    joined.append(torch.reshape(torch.transpose(c, 1, 2), [-1, heads * size]))  # [rows*width, heads*size]
  if torch.numel(target.ungather) == 0:
    return joined[0]
  return torch.index_select(torch.cat(joined), 0, target.ungather)  # [m, heads*size]
