# Extractive question answering (BERT, section 4.2): an output is the logits of a token as the first
# and as the last of the answer, each in a softmax over all tokens of its text.
#
# labels [tokens]: 4 * text, plus 1 at the first token of the answer, plus 2 at its last.
# weights [tokens]: 1/(2 * answered texts); 0 in a text whose answer is not known.
def loss(self, output: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
  text = torch.floor_divide(labels, 4)
  mark = torch.remainder(labels, 4)
  marks = torch.stack([torch.remainder(mark, 2), torch.floor_divide(mark, 2)], 1)  # [tokens, 2]
  empty = torch.zeros_like(output)
  index = torch.expand_as(torch.unsqueeze(text, 1), output)
  most = torch.scatter_reduce(empty, 0, index, torch.detach(output), "amax", include_self=False)
  shifted = torch.sub(output, torch.index_select(most, 0, text))
  sums = torch.index_add(empty, 0, text, torch.exp(shifted))
  each = torch.sub(torch.log(torch.index_select(sums, 0, text)), shifted)  # -log probability
  return torch.sum(torch.mul(torch.sum(torch.mul(each, marks), [1]), weights))
