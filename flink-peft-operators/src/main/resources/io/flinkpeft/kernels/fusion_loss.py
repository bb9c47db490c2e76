# AdapterFusion's regularizer: 0.01 |I - W_v|^2, the squares of all values, summed over sublayers.
def regularized(self, loss: Tensor, adapter: int, adapters: __torch__.Adapters) -> Tensor:
  sublayers = len(adapters.param_index) // (4 + int(adapters.method_constants[0]))
  for place in range(sublayers):
    value = adapters.param_index[2 * sublayers + place]
    if value >= 0:
      w = adapters.params[adapters.stride * adapter + value]
      identity = torch.eye(torch.size(w, 0), dtype=ops.prim.dtype(w), device=ops.prim.device(w))
      apart = torch.sub(identity, w)
      loss = torch.add(loss, torch.sum(torch.mul(apart, apart)), alpha=0.01)
  return loss
