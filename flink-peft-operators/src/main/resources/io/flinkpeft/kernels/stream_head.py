# The head for streams: pooled as the base was trained for, normalised, then linear per adapter.

def features(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  p = self.pooled(hidden, batch)  # [t, d]
  return torch.div(p, torch.clamp_min(torch.linalg_vector_norm(p, 2, [-1], True), 1e-12))
