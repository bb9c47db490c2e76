# P-tuning with an LSTM (Liu et al., 2021, arXiv 2103.10385): h = BiLSTM(E), P = W2 relu(W1 h + b1)
# + b2. Parts: E [v, d]; for each layer and direction w_ih, w_hh, b_ih, b_hh; then W1 b1, W2 b2.
# numbers: v, layers. Dropout only between layers.
def prompt(self, start: int, width: int, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  t = adapters.parts
  i = adapters.stride * adapter
  x = torch.unsqueeze(t[i], 0)  # [1, rows, d]
  layers = int(adapters.numbers[1])
  for layer in range(layers):
    w = i + 1 + 8 * layer
    if layer > 0 and adapters.dropout > 0.:
      x = self.drop(x, adapters.seeds[adapter] + layer, adapters.dropout)
    start_state = torch.new_zeros(x, [2, 1, torch.size(t[w + 1], 1)])
    weights = [t[w], t[w + 1], t[w + 2], t[w + 3], t[w + 4], t[w + 5], t[w + 6], t[w + 7]]
    x, h, c = torch.lstm(x, [start_state, start_state], weights, True, 1, 0., False, True, True)
  w = i + 1 + 8 * layers
  h = torch.relu(torch.linear(torch.squeeze(x, 0), t[w], t[w + 1]))  # [rows, 2 h]
  return torch.narrow(torch.linear(h, t[w + 2], t[w + 3]), 0, 0, int(adapters.numbers[0]))
