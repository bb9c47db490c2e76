# The nonlinearity inside an adapter: 0 relu, 1 gelu, 2 silu, 3 tanh, 4 gelu by tanh.
def bend(self, x: Tensor, function: int) -> Tensor:
  if function == 0:
    return torch.relu(x)
  if function == 1:
    return torch.gelu(x)
  if function == 2:
    return torch.silu(x)
  if function == 3:
    return torch.tanh(x)
  return torch.gelu(x, approximate="tanh")
