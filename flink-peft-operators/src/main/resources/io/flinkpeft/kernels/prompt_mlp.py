# P-tuning with an MLP: W3 relu(W2 relu(W1 E + b1) + b2) + b3. Params: E [v, d], W1 b1, W2 b2, W3 b3.
# method_constants: v; the rows behind are for a second submodule, which uses none.
def prompt(self, start: int, width: int, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  t = adapters.params
  i = adapters.stride * adapter
  h = torch.relu(torch.linear(t[i], t[i + 1], t[i + 2]))
  h = torch.relu(torch.linear(h, t[i + 3], t[i + 4]))
  p = torch.linear(h, t[i + 5], t[i + 6])  # [rows, d]
  return torch.narrow(p, 0, 0, int(adapters.method_constants[0]))
