class Base(NamedTuple):
  tensors : List[Tensor]
  layers : int
  heads : int
  epsilon : float
  counts : List[int]
  constants : List[float]
class Batch(NamedTuple):
  ids : Tensor
  positions : Tensor
  kinds : Tensor
  gather : List[Tensor]
  mask : List[Tensor]
  ungather : Tensor
  texts : Tensor
  firsts : Tensor
  lengths : Tensor
  prompts : Tensor
  owners : List[Tensor]
  outputs : Tensor
  shares : List[int]
  past : List[Tensor]
  kept : List[Tensor]
  keeps : bool
  second : List[Tensor]
class Adapters(NamedTuple):
  parts : List[Tensor]
  stride : int
  tokens : List[int]
  texts : List[int]
  head : int
  slots : List[int]
  scales : List[float]
  numbers : List[float]
  dropout : float
  seeds : List[int]
