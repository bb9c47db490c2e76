# Any number of labels a text: the mean binary cross entropy over the labelled texts of one adapter's batch.
#
# labels [texts * classes]: 1 where a text has the label, else 0; weights are 1/labelled, 0 without labels.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  each = torch.binary_cross_entropy_with_logits(output, torch.view_as(labels, output), None, None, 0)  # [texts, classes]
  return torch.sum(torch.mul(torch.mean(each, [1]), weights))
