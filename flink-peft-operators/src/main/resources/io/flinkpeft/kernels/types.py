# Adapters on a base, as Java gives them. Rows are flat, and all of one layout.
class Adapted(NamedTuple):
  tensors : List[Tensor]  # of the base, then those that the method keeps beside them
  rows : List[Tensor]  # the trained values of each adapter, its head's behind its method's
  param_sizes : List[int]  # how many values each param of a row has
  param_columns : List[int]  # how wide it is; 0 for a vector
  head_index : int  # the first of the head's params
  param_index : List[int]  # for each place of the base a method's param, by the method's text
  scales : List[float]  # for each site the factor of its change
  method_constants : List[float]  # what else the method's text needs
  replaced : List[int]  # for each tensor of the base the param that stands for it, or -1; or empty
# A Base holds these, each by its name: Java writes it from what it loads. What a model lacks is
# empty.
class Linear(NamedTuple):
  weight : Tensor  # [out, in]
  bias : Tensor  # [out]
  site : int  # what adapters know the layer by; -1 if none attaches
class Norm(NamedTuple):
  weight : Tensor
  bias : Optional[Tensor]  # None for those that have none
# The targets that an encoder-decoder reads beside its texts, packed as they are; m tokens. The rows
# of a group are of one width, and so are their texts.
class Decoder(NamedTuple):
  ids : Tensor  # [m]
  positions : Tensor  # [m]
  ungather : Tensor  # [m]
  gather : List[Tensor]
  attention_mask : List[Tensor]
  adapter_of_row : List[Tensor]
  cross_gather : List[Tensor]  # [rows*width] a group: the tokens of its rows' texts
  cross_attention_mask : List[Tensor]  # [rows, 1, 1, width] a group: over these
  tokens_per_adapter : List[int]
# Texts without padding: n tokens of t texts, one text after the other, and the texts of one adapter
# after those of the one before. Only attention is by row, a group of rows for each width.
class Batch(NamedTuple):
  ids : Tensor  # [n]
  positions : Tensor  # [n] of a token in its text
  segments : Tensor  # [n]
  ungather : Tensor  # [n] the place of each token in the joined groups; empty if they are one, full
  gather : List[Tensor]  # [rows*width] a group: the token at each place
  attention_mask : List[Tensor]  # [rows, 1, 1, width] a group: 0 at a token, -inf at padding
  adapter_of_row : List[Tensor]  # [rows] a group
  text_of_token : Tensor  # [n]; t for tokens that fill up
  first_tokens : Tensor  # [t] the token of each text that is pooled as its first
  lengths : Tensor  # [t, 1] tokens of each text
  prompt_tokens : Tensor  # [t*v] those that a prompt stands for, text by text
  output_tokens : Tensor  # those whose hidden states answer, adapter by adapter; empty if texts do
  tokens_per_adapter : List[int]
  texts_per_adapter : List[int]
  outputs_per_adapter : List[int]
  past_key_values : List[Tensor]  # of earlier tokens: for each attention and group keys, then values
  use_cache : bool  # whether these tokens' are added to them
  decoder : __torch__.Decoder
class Adapters(NamedTuple):
  params : List[Tensor]  # of all adapters, one adapter's behind another's
  stride : int  # how many params an adapter has
  tokens_per_adapter : List[int]  # or rows of what else a layer is applied to
  texts_per_adapter : List[int]
  head_index : int
  param_index : List[int]
  scales : List[float]
  method_constants : List[float]
  dropout : float
  seeds : List[int]
# How a step changes an adapter; the groups follow each other in a row.
class Optimizer(NamedTuple):
  group_sizes : List[int]
  learning_rates : List[float]  # of each adapter's groups
  weight_decays : List[float]  # of each group
  beta1 : float
  beta2 : float
  epsilon : float
  clip_norm : float  # 0 clips nothing
class StepOutputs(NamedTuple):
  row : Tensor
  exp_avg : Tensor
  exp_avg_sq : Tensor
  loss : Tensor
  gradient_norm : Tensor  # before clipping
  outputs : Tensor  # before the step
  zero_if_finite : Tensor  # of the row and its moments after the step
