# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes which layers PEFT adapts for many configurations of LoRA, and the adapter_config.json it saves for each.

    pip install -r requirements.txt
    python generate_matching.py matching.json

The file has "modules" (model -> task -> names of linear layers and of all others), and "cases": the arguments of
LoraConfig, and either "error" or "targets" (name, rank, alpha, scaling, in the order of the model) with "saved", the
text of adapter_config.json. In that text target_modules and exclude_modules are sorted (PEFT writes sets in hash
order), layers_to_transform and layers_pattern are lists (PEFT keeps one alone as it is), auto_mapping is null.
"""

import copy
import json
import sys
import tempfile
import warnings
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora import LoraLayer
from transformers import BertConfig, BertForSequenceClassification, BertModel

SIZES = dict(vocab_size=50, hidden_size=16, intermediate_size=32, num_attention_heads=2, max_position_embeddings=16)
CASES = [
    dict(),
    dict(task_type="SEQ_CLS"),
    dict(task_type="FEATURE_EXTRACTION", r=4, lora_alpha=16, lora_dropout=0.05),
    dict(target_modules=["query"], lora_alpha=0.5),
    dict(target_modules=["dense"]),
    dict(target_modules=["dense"], task_type="SEQ_CLS"),
    dict(target_modules=["output.dense", "key"]),
    dict(target_modules=["ense"]),
    dict(target_modules=["query", "nothing"]),
    dict(target_modules=["LayerNorm"]),
    dict(target_modules="all-linear"),
    dict(target_modules="ALL-LINEAR", task_type="SEQ_CLS"),
    dict(target_modules=r".*\.(query|value)"),
    dict(target_modules=r"query"),
    dict(target_modules=r".*layer\.(?P<n>\d)\..*\.key"),
    dict(target_modules=["query", "value"], layers_to_transform=[1]),
    dict(target_modules=["query", "value"], layers_to_transform=0),
    dict(target_modules=["query"], layers_to_transform=[0, 1], layers_pattern="layer"),
    dict(target_modules=["query"], layers_to_transform=[1], layers_pattern=["blocks", "layer"]),
    dict(target_modules=["query"], layers_to_transform=[1], layers_pattern=["h"]),
    dict(target_modules=["query"], layers_to_transform=[7]),
    dict(target_modules=["pooler.dense", "query"], layers_to_transform=[1]),
    dict(target_modules=["encoder.layer.0.attention.self.query", "bert.encoder.layer.0.attention.self.query"],
         layers_to_transform=[1]),
    dict(target_modules=r".*query", layers_to_transform=[1]),
    dict(target_modules=["query"], layers_pattern=["layer"]),
    dict(exclude_modules=["layer.0.attention.self.query"]),
    dict(exclude_modules=r".*layer\.1\..*"),
    dict(exclude_modules=["query", "value"]),
    dict(target_modules=["dense"], exclude_modules=["output.dense"], modules_to_save=["pooler"]),
    dict(target_modules=["dense"], modules_to_save=["pooler", "intermediate"]),
    dict(target_modules=["dense"], modules_to_save=["pooler"], task_type="SEQ_CLS"),
    dict(target_modules=["query", "key"], rank_pattern={"key": 3, "layer.1.attention.self.key": 5},
         alpha_pattern={"layer.1.attention.self.(query|key)": 2.5}),
    dict(target_modules=["query", "key"], rank_pattern={"layer.1.attention.self.key": 5, "key": 3}, use_rslora=True),
    dict(target_modules=["query"], rank_pattern={"uery": 3, r".*\.0\..*": 6}, alpha_pattern={"query": 64}),
    dict(r=2, lora_alpha=7, use_rslora=True, init_lora_weights="gaussian", lora_dropout=1e-05),
]


def model(kind, layers):
    torch.manual_seed(0)
    config = BertConfig(num_hidden_layers=layers, **SIZES)
    return BertForSequenceClassification(config) if kind == "classifier" else BertModel(config)


def names(kind, layers):
    modules = [(n, isinstance(m, torch.nn.Linear)) for n, m in model(kind, layers).named_modules() if n]
    return {"linear": [n for n, linear in modules if linear], "others": [n for n, linear in modules if not linear]}


def run(kind, layers, arguments):
    base = model(kind, layers)
    base.config._name_or_path = "base"
    case = {"model": kind, "layers": layers, "arguments": arguments}
    try:
        peft = get_peft_model(base, LoraConfig(**copy.deepcopy(arguments)))
    except ValueError as e:
        return {**case, "error": str(e).splitlines()[0]}
    targets = [{"name": n.removeprefix("base_model.model."), "rank": m.r["default"],
                "alpha": m.lora_alpha["default"], "scaling": m.scaling["default"]}
               for n, m in peft.named_modules() if isinstance(m, LoraLayer)]
    with tempfile.TemporaryDirectory() as directory:
        peft.save_pretrained(directory)
        saved = json.loads((Path(directory) / "adapter_config.json").read_text())
    for key in ("target_modules", "exclude_modules"):
        if isinstance(saved[key], list):
            saved[key].sort()
    for key in ("layers_to_transform", "layers_pattern"):
        if saved[key] is not None and not isinstance(saved[key], list):
            saved[key] = [saved[key]]
    saved["auto_mapping"] = None
    return {**case, "targets": targets, "saved": json.dumps(saved, indent=2, sort_keys=True)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    SHAPES = [("classifier", 2), ("encoder", 2), ("classifier", 4)]
    result = {
        "modules": {f"{kind}-{layers}": names(kind, layers) for kind, layers in SHAPES},
        "cases": [run(kind, layers, c) for kind, layers in SHAPES for c in CASES
                  if layers == 2 or "all" in str(c).lower()],
    }
    Path(sys.argv[1]).write_text(json.dumps(result, indent=1) + "\n")
