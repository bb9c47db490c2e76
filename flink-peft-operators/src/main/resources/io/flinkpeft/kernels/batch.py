# What all architectures share; types.py says what a batch is.

# The adapters on other rows than the batch's tokens: how many each of them has.
def on_rows(self, rows: List[int], adapters: __torch__.Adapters) -> __torch__.Adapters:
  return __torch__.Adapters(
    params=adapters.params,
    stride=adapters.stride,
    tokens_per_adapter=rows,
    texts_per_adapter=adapters.texts_per_adapter,
    head_index=adapters.head_index,
    param_index=adapters.param_index,
    scales=adapters.scales,
    method_constants=adapters.method_constants,
    dropout=adapters.dropout,
    seeds=adapters.seeds)

# Attention by row: only here is padding, up to the width of the text's own length class. A method
# may put keys and values before a layer's own.
def attention(self, layer: int, q: Tensor, k: Tensor, v: Tensor, heads: int, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  width = torch.size(q, 1)
  joined = annotate(List[Tensor], [])
  for g in range(len(batch.attention_mask)):
    mask = batch.attention_mask[g]
    adapter_of_row = batch.adapter_of_row[g]
    shape = [torch.size(mask, 0), torch.size(mask, 3), heads, width // heads]
    ks = self.keys(layer, self.rows(k, g, shape, batch), adapter_of_row, adapters)
    vs = self.values(layer, self.rows(v, g, shape, batch), adapter_of_row, adapters)
    c = self.attend(self.rows(q, g, shape, batch), ks, vs, self.attention_mask(layer, mask, adapters))
    joined.append(torch.reshape(torch.transpose(c, 1, 2), [-1, width]))  # [rows*width, d]
  if torch.numel(batch.ungather) == 0:
    return joined[0]
  return torch.index_select(torch.cat(joined), 0, batch.ungather)  # [n, d]

def rows(self, x: Tensor, group: int, shape: List[int], batch: __torch__.Batch) -> Tensor:
  if torch.numel(batch.ungather) == 0:
    return torch.transpose(torch.view(x, shape), 1, 2)
  return torch.transpose(torch.view(torch.index_select(x, 0, batch.gather[group]), shape), 1, 2)  # [rows, heads, width, d/heads]

def attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
  if torch.size(mask, 1) == 1:
    return torch.scaled_dot_product_attention(q, k, v, mask, 0., False)
  return self.attend_biased(q, k, v, mask)

# The same with a bias of each head in the mask, where the product above would take other ways for
# one row than for several: everything is copied, the gradient of the result too, by an index.
def attend_biased(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
  root = torch.sqrt(float(torch.size(q, 3)))
  keys = torch.transpose(torch.contiguous(k), 2, 3)
  scores = torch.div(torch.matmul(torch.contiguous(q), keys), root)
  c = torch.matmul(torch.softmax(torch.add(scores, mask), -1), torch.contiguous(v))
  flat = torch.reshape(c, [-1, torch.size(c, 3)])
  order = torch.arange(torch.size(flat, 0), device=ops.prim.device(c))
  return torch.view(torch.index_select(flat, 0, order), torch.size(c))

# A frozen linear layer in the dtype of its weight; activations stay in theirs. An empty b is none.
# Rows of zeros fill up to four: fewer go through other kernels, whose last bits differ, and then
# the texts of a head would depend on how many others there are.
def frozen(self, layer: __torch__.Linear, x: Tensor) -> Tensor:
  rows = torch.size(x, 0)
  if rows >= 4:
    return self.layer_product(x, layer.weight, layer.bias)
  filled = torch.cat([x, torch.new_zeros(x, [4 - rows, torch.size(x, 1)])])
  return torch.narrow(self.layer_product(filled, layer.weight, layer.bias), 0, 0, rows)

def layer_product(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
  kind = ops.prim.dtype(x)
  if ops.prim.dtype(w) == kind:
    if torch.numel(b) == 0:
      return torch.linear(x, w)
    return torch.linear(x, w, b)
  y = torch.to(torch.linear(torch.to(x, ops.prim.dtype(w)), w), kind)
  if torch.numel(b) == 0:
    return y
  return torch.add(y, b)

# Dropout of a method's input, from a counter: the seed is that of the adapter's step and of the
# place in its row.
def drop(self, x: Tensor, seed: int, p: float) -> Tensor:
  generator = torch.Generator(device=ops.prim.device(x), seed=seed)
  kept = torch.bernoulli(torch.full_like(x, 1. - p), generator=generator)
  return torch.div(torch.mul(x, kept), 1. - p)
