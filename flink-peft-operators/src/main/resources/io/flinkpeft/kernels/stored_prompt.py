# The hook prompt() of methods whose virtual tokens are in the row: columns [v, width] of an
# adapter's first param. method_constants: v; the rows behind are for a second submodule, which uses
# none.
def prompt(self, start: int, width: int, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  rows = torch.narrow(adapters.params[adapters.stride * adapter], 0, 0, int(adapters.method_constants[0]))
  return torch.narrow(rows, 1, start, width)
