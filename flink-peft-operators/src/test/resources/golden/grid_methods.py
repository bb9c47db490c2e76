# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""The methods of the golden grid: their PEFT configurations on each architecture."""

import torch
from peft import (
    AdaLoraConfig, IA3Config, LoraConfig, PeftType, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig)

VIRTUAL = 3
ADALORA = dict(init_r=4, target_r=2, total_step=12, tinit=2, tfinal=4, deltaT=1, lora_alpha=8)
PLAIN = ["bitfit", "freeze", "full"]
COMMON = ["lora", "lora-all", "lora-patterns", "dora", "adalora", "ia3", "prompt-tuning", "p-tuning-mlp",
          "p-tuning-lstm", "prefix", "prefix-projection"]
EXTRA = {"bert": ["lora-bias", "lora-embedding", "pissa", "lora-saved", "ia3-saved"],
         "roberta": ["lora-bias"], "gpt2": ["lora-bias", "lora-embedding", "lora-lm-head"],
         "llama": ["lora-embedding", "lora-lm-head", "adalora-lm-head", "pissa", "lora-saved"],
         "t5": ["lora-lm-head", "dora-lm-head"], "bart": ["lora-lm-head", "ia3-lm-head"]}
SAVED = {"bert": ["pooler", "output.LayerNorm"], "llama": ["embed_tokens", "lm_head", "norm"]}
FEW = {
    "bert-regression": ["lora"], "gpt2-regression": ["lora"],
    "bert-labels": ["lora"], "gpt2-labels": ["lora"],"bert-token": ["lora", "prefix"], "bert-qa": ["lora", "prefix"], "bert-mlm": ["lora"],
       "gpt2-cls": ["lora", "prompt-tuning"], "llama-cls": ["lora", "prefix"], "qwen2-cls": ["lora", "p-tuning-mlp"],
       "qwen3-cls": ["lora", "prompt-tuning"], "bart-cls": ["lora", "lora-head", "bitfit", "prompt-tuning", "prefix"],
       "t5-cls": ["lora", "lora-head", "freeze", "prompt-tuning", "prefix"], "gpt2-token": ["lora", "prefix"],
       "llama-token": ["lora", "freeze"], "qwen2-token": ["lora", "bitfit"], "qwen3-token": ["lora", "prefix"],
       "t5-token": ["lora", "freeze", "prefix"], "gpt2-qa": ["lora", "prefix"], "llama-qa": ["lora", "prefix"],
       "qwen2-qa": ["lora", "ia3"], "qwen3-qa": ["lora", "prefix"], "bart-qa": ["lora", "ia3", "prefix"],
       "t5-qa": ["lora", "ia3", "prompt-tuning"]}
FEW |= {f"{arch}-{task}": ["lora"] for arch in ("roberta", "deberta-v2") for task in ("token", "qa", "mlm")}
EMBEDDING = {"bert": ["word_embeddings", "query", "value"], "gpt2": ["wte", "c_attn"],
             "llama": ["embed_tokens", "q_proj", "v_proj"]}
LM_HEAD = {"gpt2": ["lm_head", "c_attn"], "llama": ["lm_head", "q_proj"], "t5": ["lm_head", "q"],
           "bart": ["lm_head", "q_proj"]}

# Targets; then the layers that get another rank (a dotted name) and another alpha (a regular expression).
PATTERNS = {
    "bert": (["query", "output.dense"], "encoder.layer.1.output.dense", r".*\.layer\.0\.attention\.self\.query"),
    "roberta": (["key", "intermediate.dense"], "encoder.layer.1.intermediate.dense",
                r".*\.layer\.0\.attention\.self\.key"),
    "deberta-v2": (["key_proj", "intermediate.dense"], "encoder.layer.1.intermediate.dense",
                   r".*\.layer\.0\.attention\.self\.key_proj"),
    "gpt2": (["c_attn", "mlp.c_proj"], "h.1.mlp.c_proj", r".*\.h\.0\.attn\.c_attn"),
    "llama": (["k_proj", "down_proj"], "layers.1.mlp.down_proj", r".*\.layers\.0\.self_attn\.k_proj"),
    "t5": (["k", "wo"], "decoder.block.1.layer.2.DenseReluDense.wo", r"encoder\.block\.0\..*\.k"),
    "bart": (["k_proj", "fc2"], "decoder.layers.1.fc2", r".*encoder\.layers\.0\.self_attn\.k_proj"),
}
PATTERNS |= {"qwen2": PATTERNS["llama"], "qwen3": PATTERNS["llama"], "t5-gated": PATTERNS["t5"]}


def cases(arch):
    return FEW.get(arch) or COMMON + EXTRA.get(arch, []) + PLAIN


def config(arch, task, case):
    """The PEFT configuration; its task type is none where PEFT has none for the task."""
    kind = dict(task_type=None if task == "MASKED_LM" else task)
    if case.startswith(("lora", "dora")) or case == "pissa":
        return LoraConfig(**kind, **lora(arch, case))
    if case.startswith("adalora"):
        return AdaLoraConfig(**kind, **ADALORA, target_modules=LM_HEAD[arch] if case.endswith("lm-head") else None)
    if case in ("ia3", "ia3-saved"):
        return IA3Config(**kind, modules_to_save=None if case == "ia3" else list(SAVED[arch]))
    if case == "ia3-lm-head":
        return IA3Config(**kind, target_modules=[*LM_HEAD[arch], "fc2"], feedforward_modules=["fc2"])
    if case == "prompt-tuning":
        return PromptTuningConfig(**kind, num_virtual_tokens=VIRTUAL)
    if case == "p-tuning-mlp":
        return PromptEncoderConfig(**kind, num_virtual_tokens=VIRTUAL, encoder_hidden_size=12)
    if case == "p-tuning-lstm":
        return PromptEncoderConfig(**kind, num_virtual_tokens=VIRTUAL, encoder_hidden_size=8,
                                   encoder_reparameterization_type="LSTM")
    projected = dict(prefix_projection=True, encoder_hidden_size=12) if case == "prefix-projection" else {}
    return PrefixTuningConfig(**kind, num_virtual_tokens=VIRTUAL, **projected)


def lora(arch, case):
    if case == "lora-patterns":
        targets, ranked, scaled = PATTERNS[arch]
        return dict(r=2, lora_alpha=3, target_modules=targets, use_rslora=True, rank_pattern={ranked: 3},
                    alpha_pattern={scaled: 5})
    own = {"lora": {}, "lora-all": dict(target_modules="all-linear"), "lora-bias": dict(bias="all"),
           "lora-embedding": dict(target_modules=EMBEDDING.get(arch)),
           "lora-lm-head": dict(target_modules=LM_HEAD.get(arch)),
           "dora-lm-head": dict(target_modules=LM_HEAD.get(arch), use_dora=True), "dora": dict(use_dora=True),
           "pissa": dict(init_lora_weights="pissa"),
           "lora-saved": dict(modules_to_save=list(SAVED.get(arch, []))),
           "lora-head": dict(modules_to_save=["classification_head"])}[case]
    return dict(r=2, lora_alpha=4) | own


def randomize(model):
    """A trained adapter's look: no delta is zero. Draws from torch's generator in the order of the model."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if not p.requires_grad:
                continue
            if "lora_B" in name or "lora_embedding_A" in name:
                p.normal_(0.0, 0.2)
            elif "lora_embedding_B" in name or "lora_E" in name:
                p.normal_(0.0, 0.5)
            elif "lora_A" in name and model.active_peft_config.peft_type == PeftType.ADALORA:
                p.normal_(0.0, 0.3)
            elif "lora_magnitude" in name or "ia3_l" in name:
                p.mul_(1 + 0.2 * torch.randn_like(p))
            elif name.endswith("embedding.weight"):
                p.normal_(0.0, 0.5)


def train_plainly(model, case):
    """Makes what BitFit, Freeze and full fine-tuning train trainable; a tied tensor counts once."""
    layers = max(int(i) for name, _ in model.named_parameters() if (i := index(name)) is not None)
    tied = model.get_output_embeddings() is not None and (
        model.get_output_embeddings().weight is model.get_input_embeddings().weight)
    for name, p in model.named_parameters():
        head = name.split(".")[0] in ("classifier", "score", "classification_head", "qa_outputs")
        p.requires_grad = {
            "bitfit": name.endswith("bias") or head,
            "freeze": index(name) == layers or head or (name.startswith("lm_head.") and not tied),
            "full": True}[case]
    if not any(name.endswith("bias") for name, _ in model.named_parameters()) and case == "bitfit":
        raise ValueError("The model has no bias.")
    return model


def index(name):
    """The number of the layer that a parameter is in: what follows layer, layers, block or h the first time."""
    parts = name.split(".")
    for key, value in zip(parts, parts[1:]):
        if key in ("layer", "layers", "block", "h") and value.isdigit():
            return int(value)
    return None
