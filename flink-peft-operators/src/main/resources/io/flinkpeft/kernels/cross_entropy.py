# The mean cross entropy of one adapter's labelled outputs; weights are 1/labelled, 0 without label.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  each = torch.cross_entropy_loss(output, labels, None, 0)
  return torch.sum(torch.mul(each, weights))
