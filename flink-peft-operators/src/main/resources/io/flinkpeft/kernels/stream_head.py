# The head for streams: pooled as the base was trained for, normalised to a mean square of 1, then
# linear per adapter.

def features(self, hidden: Tensor, base: __torch__.Base, batch: __torch__.Batch, adapters: __torch__.Adapters) -> Tensor:
  p = self.pooled(hidden, batch)  # [t, d]
  norm = torch.clamp_min(torch.linalg_vector_norm(p, 2, [-1], True), 1e-12)
  return torch.mul(torch.div(p, norm), torch.sqrt(float(torch.size(p, 1))))
