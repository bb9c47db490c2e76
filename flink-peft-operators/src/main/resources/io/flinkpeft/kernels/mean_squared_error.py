# Regression: the mean squared error over the labelled outputs of one adapter's batch.
#
# labels [texts * numbers]: the right numbers, output by output; weights are 1/labelled, 0 without numbers.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  distance = torch.sub(output, torch.view_as(labels, output))  # [texts, numbers]
  each = torch.mean(torch.mul(distance, distance), [1])
  return torch.sum(torch.mul(each, weights))
