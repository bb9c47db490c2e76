# P-tuning with an LSTM (Liu et al., 2021, arXiv 2103.10385): h = BiLSTM(E), P = W2 relu(W1 h + b1)
# + b2. Params: E [v, d]; for each layer and direction w_ih, w_hh, b_ih, b_hh; then W1 b1, W2 b2.
# method_constants: v, layers. Dropout only between layers. The recurrence is written out: the
# LSTM of libtorch is oneDNN's where no gradients are wanted, which is wrong for many widths on some
# processors with AVX-512.
def lstm(self, x: Tensor, w: List[Tensor], backwards: bool) -> Tensor:
  rows = torch.size(x, 0)
  inner = torch.size(w[1], 1)
  given = torch.linear(x, w[0], w[2])  # [rows, 4 inner]
  h = torch.new_zeros(x, [1, inner])
  c = torch.new_zeros(x, [1, inner])
  hs = annotate(List[Tensor], [])
  for step in range(rows):
    row = step
    if backwards:
      row = rows - 1 - step
    z = torch.add(torch.narrow(given, 0, row, 1), torch.linear(h, w[1], w[3]))
    i, f, g, o = torch.chunk(z, 4, 1)
    c = torch.add(torch.mul(torch.sigmoid(f), c), torch.mul(torch.sigmoid(i), torch.tanh(g)))
    h = torch.mul(torch.sigmoid(o), torch.tanh(c))
    hs = torch.append(hs, h)
  found = torch.cat(hs, 0)
  if backwards:
    found = torch.flip(found, [0])
  return found

def prompt(self, start: int, width: int, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  t = adapters.params
  i = adapters.stride * adapter
  x = t[i]  # [rows, d]
  layers = int(adapters.method_constants[1])
  for layer in range(layers):
    w = i + 1 + 8 * layer
    if layer > 0 and adapters.dropout > 0.:
      x = self.drop(x, adapters.seeds[adapter] + layer, adapters.dropout)
    forwards = self.lstm(x, [t[w], t[w + 1], t[w + 2], t[w + 3]], False)
    backwards = self.lstm(x, [t[w + 4], t[w + 5], t[w + 6], t[w + 7]], True)
    x = torch.cat([forwards, backwards], 1)  # [rows, 2 inner]
  w = i + 1 + 8 * layers
  h = torch.relu(torch.linear(x, t[w], t[w + 1]))  # [rows, 2 h]
  return torch.narrow(torch.linear(h, t[w + 2], t[w + 3]), 0, 0, int(adapters.method_constants[0]))
