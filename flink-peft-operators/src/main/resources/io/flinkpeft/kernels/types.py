class Base(NamedTuple):
  tensors : List[Tensor]
  layers : int
  heads : int
  epsilon : float
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
class Adapters(NamedTuple):
  parts : List[Tensor]
  stride : int
  tokens : List[int]
  texts : List[int]
  slots : List[int]
  scales : List[float]
  dropout : float
  seeds : List[int]
