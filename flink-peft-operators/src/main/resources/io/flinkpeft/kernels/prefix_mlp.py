# A prefix made by an MLP: T(E) = W2 tanh(W1 E + b1) + b2. Params: E [v, d], W1 [h, d], b1, W2, b2.
def prompt(self, start: int, width: int, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  t = adapters.params
  i = adapters.stride * adapter
  h = torch.tanh(torch.linear(t[i], t[i + 1], t[i + 2]))  # [v, h]
  return torch.linear(h, torch.narrow(t[i + 3], 0, start, width), torch.narrow(t[i + 4], 0, start, width))
