# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes the golden files of merging and combining: what PEFT's merge_and_unload and add_weighted_adapter give.

    pip install -r requirements.txt
    OMP_NUM_THREADS=1 python generate_combine.py OUTPUT_DIR

Made with Python 3.11, torch 2.13.0+cpu, transformers 5.18.0, peft 0.21.0, safetensors 0.8.0. OUTPUT_DIR has what
generate_bert_lora.py and generate_grid.py wrote; this script adds

    combine/
      tiny-gpt2/            Hugging Face directory of a random GPT2LMHeadModel; output tied to the embedding
      gpt2-NAME/            PEFT directories for it: lora (Conv1D and embedding, patterns), dora, bias (lora_bias), ia3
      merged.safetensors    changed tensors as "MODEL ADAPTER DTYPE PATH/tensor"; DTYPE is that of the base, PATH
                            plain or safe
      a/ b/ c/              LoRA adapters to combine; c has another rank
      ia3-a/ ia3-b/         IA3 adapters to combine
      cases.json            the combinations: adapters, weights, type, density, sign, rank, clamp, seed
      combined.safetensors  the change of each weight as "CASE/module", in the weight's own orientation; of IA3 the
                            vectors

DARE's masks are drawn by torch.bernoulli after torch.manual_seed(derive(seed, module, part)), part "A", "B" or
"delta": the same draws as ours, which depend on no other layer.
"""

import argparse
import json
import shutil
from pathlib import Path

import peft.tuners.lora.model as lora_model
import torch
from generate_bert_lora import save_adapter
from peft import IA3Config, LoraConfig, PeftModel, TaskType, get_peft_model, get_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from safetensors.torch import save_file
from transformers import BertForSequenceClassification, GPT2Config, GPT2LMHeadModel

SEED = 20261122
DARE_SEED = 7
MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def derive(seed, *names):
    """Our Seeds.derive."""
    gamma = 0x9E3779B97F4A7C15
    derived = mix((seed + gamma) & MASK)
    for name in names:
        for byte in name.encode():
            derived = mix(((derived ^ byte) + gamma) & MASK)
        derived = mix(derived ^ 0x100)
    return derived


def random_(model, std, parts):
    with torch.no_grad():
        for name, p in model.named_parameters():
            if any(part in name for part in parts):
                p.normal_(0.0, std)


def write_gpt2(directory):
    torch.manual_seed(SEED)
    config = GPT2Config(vocab_size=20, n_positions=16, n_embd=8, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0)
    model = GPT2LMHeadModel(config)
    random_(model, 0.2, [""])
    model.save_pretrained(str(directory))


def gpt2(out, dtype=torch.float32):
    return GPT2LMHeadModel.from_pretrained(str(out / "tiny-gpt2"), dtype=dtype).eval()


def bert(out, dtype=torch.float32):
    return BertForSequenceClassification.from_pretrained(str(out.parent / "tiny-bert-cls"), dtype=dtype).eval()


def lora(r, alpha, targets, **more):
    return LoraConfig(task_type=TaskType.CAUSAL_LM, r=r, lora_alpha=alpha, target_modules=targets, fan_in_fan_out=True,
                      **more)


def ia3(targets, feedforward):
    return IA3Config(task_type=TaskType.CAUSAL_LM, target_modules=targets, feedforward_modules=feedforward,
                     fan_in_fan_out=True)


ADAPTERS = {
    "gpt2-lora": lora(4, 8, ["h.0.attn.c_attn", "attn.c_proj", "h.1.mlp.c_proj", "wte"],
                      rank_pattern={"mlp.c_proj": 3}, alpha_pattern={"c_attn": 5}),
    "gpt2-dora": lora(2, 3, ["h.0.attn.c_attn", "attn.c_proj", "wte"], use_dora=True),
    "gpt2-bias": lora(2, 3, ["h.1.attn.c_attn"], lora_bias=True, use_rslora=True),
    "gpt2-ia3": ia3(["h.0.attn.c_attn", "attn.c_proj", "mlp.c_proj"], ["mlp.c_proj"]),
    "a": lora(4, 6, ["h.0.attn.c_attn", "wte", "h.1.mlp.c_proj"]),
    "b": lora(4, 2, ["h.0.attn.c_attn", "wte", "h.0.mlp.c_proj"]),
    "c": lora(2, 3, ["h.0.attn.c_attn", "h.0.attn.c_proj"], use_rslora=True),
    "ia3-a": ia3(["h.0.attn.c_attn", "h.0.mlp.c_proj"], ["h.0.mlp.c_proj"]),
    "ia3-b": ia3(["h.0.attn.c_attn", "h.1.mlp.c_proj"], ["h.1.mlp.c_proj"]),
}


def write_adapter(out, name, config):
    torch.manual_seed(SEED + 1 + list(ADAPTERS).index(name))
    model = get_peft_model(gpt2(out), config)
    random_(model, 0.3, ["lora_A", "lora_B", "lora_embedding_"])
    with torch.no_grad():
        for n, p in model.named_parameters():
            if "ia3_l" in n or "magnitude" in n:
                p.add_(torch.randn_like(p) * 0.3)
    save_adapter(model, out / name, "tiny-gpt2")
    if isinstance(config, IA3Config):
        path = out / name / "adapter_config.json"
        read = json.loads(path.read_text())
        read["feedforward_modules"] = sorted(read["feedforward_modules"])
        path.write_text(json.dumps(read, indent=2, sort_keys=True))


def grid(kind, name):
    """Loads a model of generate_grid.py."""
    def load(out, dtype=torch.float32):
        return kind.from_pretrained(str(out.parent / "grid" / name / "model"), dtype=dtype).eval()
    return load


def merged(load, out, directory, dtype, safe):
    """The tensors that merging changes."""
    before = {k: v.clone() for k, v in load(out, dtype).state_dict().items()}
    model = PeftModel.from_pretrained(load(out, dtype), str(directory)).eval()
    after = model.merge_and_unload(safe_merge=safe).state_dict()
    assert before.keys() == after.keys()
    # the output layer is the embedding itself, and no tensor of the file
    return {k: v.contiguous().clone() for k, v in after.items()
            if not torch.equal(v, before[k]) and k != "lm_head.weight"}


def write_merged(out):
    tensors = {}
    cases = [(bert, "bert", out.parent / name / "trained", name) for name in ("lora-qv", "lora-all-rslora")]
    cases += [(gpt2, "gpt2", out / name, name) for name in ADAPTERS if name.startswith("gpt2-")]
    for kind, name in ((BertForSequenceClassification, "grid/bert"), (GPT2LMHeadModel, "grid/gpt2")):
        adapter = f"{name}/adalora"
        cases.append((grid(kind, name.split("/")[1]), name, out.parent / adapter / "trained", adapter))
    for load, model, directory, name in cases:
        for dtype, label in ((torch.float32, "F32"), (torch.bfloat16, "BF16"), (torch.float16, "F16")):
            if dtype == torch.float16 and name != "gpt2-lora":
                continue
            # into a base in half precision PEFT loads a pruned AdaLoRA in half precision
            if dtype != torch.float32 and name.endswith("adalora"):
                continue
            for safe in (False, True) if dtype != torch.float32 else (False,):
                for key, value in merged(load, out, directory, dtype, safe).items():
                    tensors[f"{model} {name} {label} {'safe' if safe else 'plain'}/{key}"] = value
    save_file(tensors, str(out / "merged.safetensors"))


def cases():
    for kind in ("linear", "cat", "svd"):
        yield dict(type=kind, adapters=["a", "b"], weights=[0.7, -0.3])
    yield dict(type="linear", adapters=["a", "b"], weights=[0.0, 1.5])
    yield dict(type="svd", adapters=["a"], weights=[-0.5])
    yield dict(type="svd", adapters=["a", "b"], weights=[0.7, -0.3], rank=3, clamp=0.9)
    yield dict(type="cat", adapters=["a", "c", "b"], weights=[0.7, 2.0, -0.3])
    yield dict(type="svd", adapters=["c", "a"], weights=[1.0, 0.5])
    for density in (0.2, 0.5, 1.0):
        for suffix in ("", "_svd"):
            for kind in ("magnitude_prune", "dare_linear"):
                yield dict(type=kind + suffix, adapters=["a", "b"], weights=[0.7, -0.3], density=density)
            for kind in ("ties", "dare_ties"):
                for sign in ("total", "frequency"):
                    yield dict(type=kind + suffix, adapters=["a", "b"], weights=[0.7, -0.3], density=density, sign=sign)


class DareSeeds:
    """Seeds the generator before each draw by what is drawn."""

    def __init__(self, model):
        self.names = {id(m): n.removeprefix("base_model.model.") for n, m in model.named_modules()}
        self.parts = []

    def __enter__(self):
        self.kept = {n: getattr(lora_model, n) for n in ("dare_linear", "dare_ties")}
        for name, function in self.kept.items():
            setattr(lora_model, name, self.seeded(function))
        cls = lora_model.LoraModel
        self.methods = (cls._svd_generalized_task_arithmetic_weighted_adapter,
                        cls._generalized_task_arithmetic_weighted_adapter)
        svd, factors = self.methods

        def of_delta(model, kind, adapters, weights, rank, target, *rest, **more):
            self.parts = [(self.names[id(target)], "delta")]
            return svd(model, kind, adapters, weights, rank, target, *rest, **more)

        def of_factors(model, kind, adapters, weights, target, *rest):
            self.parts = [(self.names[id(target)], "A"), (self.names[id(target)], "B")]
            return factors(model, kind, adapters, weights, target, *rest)

        cls._svd_generalized_task_arithmetic_weighted_adapter = of_delta
        cls._generalized_task_arithmetic_weighted_adapter = of_factors
        return self

    def seeded(self, function):
        def call(*args, **more):
            torch.manual_seed(derive(DARE_SEED, *self.parts.pop(0)))
            return function(*args, **more)
        return call

    def __exit__(self, *unused):
        for name, function in self.kept.items():
            setattr(lora_model, name, function)
        cls = lora_model.LoraModel
        (cls._svd_generalized_task_arithmetic_weighted_adapter, cls._generalized_task_arithmetic_weighted_adapter) = \
            self.methods


def combined(out, case):
    first, *others = case["adapters"]
    model = PeftModel.from_pretrained(gpt2(out), str(out / first), adapter_name=first)
    for name in others:
        model.load_adapter(str(out / name), adapter_name=name)
    with DareSeeds(model):
        model.base_model.add_weighted_adapter(
            case["adapters"], case["weights"], "new", combination_type=case["type"], density=case.get("density"),
            majority_sign_method=case.get("sign", "total"), svd_rank=case.get("rank"), svd_clamp=case.get("clamp"))
    deltas = {}
    for name, module in model.named_modules():
        if isinstance(module, LoraLayer) and "new" in module.scaling:
            # the copied configuration keeps use_rslora, and with it PEFT's scale is not 1
            delta = module.get_delta_weight("new") / module.scaling["new"]
            deltas[name.removeprefix("base_model.model.")] = delta.detach().contiguous()
    return deltas


def write_combined(out):
    tensors, listed = {}, []
    for index, case in enumerate(cases()):
        name = f"{index} {case['type']}"
        listed.append({"name": name, "seed": DARE_SEED, **case})
        for module, delta in combined(out, case).items():
            tensors[f"{name}/{module}"] = delta
    model = PeftModel.from_pretrained(gpt2(out), str(out / "ia3-a"), adapter_name="a")
    model.load_adapter(str(out / "ia3-b"), adapter_name="b")
    model.base_model.add_weighted_adapter(["a", "b"], [0.7, -0.3], "new")
    for name, value in get_peft_model_state_dict(model, adapter_name="new").items():
        tensors[f"ia3/{name}"] = value.contiguous()
    (out / "cases.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in listed) + "\n]\n")
    save_file(tensors, str(out / "combined.safetensors"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("output", type=Path)
    out = parser.parse_args().output / "combine"
    torch.set_num_threads(1)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    write_gpt2(out / "tiny-gpt2")
    for name, config in ADAPTERS.items():
        write_adapter(out, name, config)
    write_merged(out)
    write_combined(out)
    for path in out.rglob("*.safetensors"):
        path.chmod(0o644)


if __name__ == "__main__":
    main()
