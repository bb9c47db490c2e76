# The hooks after_embedding() and before_output() of methods that leave hidden states as they are: those behind
# the embeddings, and those before the output embedding.
def after_embedding(self, x: Tensor, base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return x

def before_output(self, x: Tensor, rows: List[int], base: __torch__.Base, adapters: __torch__.Adapters) -> Tensor:
  return x
