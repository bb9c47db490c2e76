# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Loads an adapter directory that flink-peft wrote into Hugging Face PEFT, and prints what it computes.

    pip install -r requirements.txt
    python verify_export.py DIR_BASE DIR_ADAPTER INPUT.jsonl OUT.json

INPUT.jsonl has lines {"text": "...", "text_pair": "..."}. OUT.json holds a list a line: "logits" for the task SEQ_CLS,
"features" (mean pooled) for FEATURE_EXTRACTION. A batch of one line at a time, so that no padding takes part.

Exit code 1 where PEFT would only warn or keep silent: a tensor of the adapter missing from the file, a tensor of the
file that PEFT does not use, another shape, another value after loading, weights of the base that were left random.
"""

import argparse
import json
import sys
import warnings
from pathlib import Path

import torch
from peft import PeftConfig, PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModel, AutoModelForSequenceClassification

MODELS = {"SEQ_CLS": AutoModelForSequenceClassification, "FEATURE_EXTRACTION": AutoModel}
UNUSED = {"FEATURE_EXTRACTION": ("pooler.",)}


def load(base_dir, adapter_dir, problems):
    task = PeftConfig.from_pretrained(adapter_dir).task_type
    if task not in MODELS:
        raise SystemExit(f"task_type is {task}, must be one of {sorted(MODELS)}")
    base, info = MODELS[task].from_pretrained(base_dir, output_loading_info=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = PeftModel.from_pretrained(base, adapter_dir).eval()
    problems += [f"warning: {w.message}" for w in caught if any(
        word in str(w.message).lower() for word in ("missing", "unexpected", "mismatch", "not found"))]

    wanted = get_peft_model_state_dict(model, save_embedding_layers=False)
    found = load_file(str(Path(adapter_dir) / "adapter_model.safetensors"))
    problems += [f"missing tensor {k}" for k in sorted(wanted.keys() - found.keys())]
    problems += [f"unexpected tensor {k}" for k in sorted(found.keys() - wanted.keys())]
    for key in sorted(wanted.keys() & found.keys()):
        if wanted[key].shape != found[key].shape:
            problems.append(f"{key} has shape {list(found[key].shape)}, must have {list(wanted[key].shape)}")
        elif not torch.equal(wanted[key], found[key].to(wanted[key].dtype)):
            problems.append(f"{key} has other values after loading")
    for key in sorted(info["missing_keys"]):
        if "base_model.model." + key not in found and not key.startswith(UNUSED.get(task, ("\0",))):
            problems.append(f"base lacks {key}, which stays random")
    return model, task


def compute(model, task, tok, line):
    pair = line.get("text_pair")
    encoding = tok.encode(line["text"], pair) if pair is not None else tok.encode(line["text"])
    inputs = {"input_ids": torch.tensor([encoding.ids]), "attention_mask": torch.tensor([encoding.attention_mask])}
    if model.config.model_type == "bert":
        inputs["token_type_ids"] = torch.tensor([encoding.type_ids])
    with torch.no_grad():
        result = model(**inputs)
    return (result.logits if task == "SEQ_CLS" else result.last_hidden_state.mean(1))[0].tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for name in ("base", "adapter", "input", "output"):
        parser.add_argument(name)
    args = parser.parse_args()
    torch.set_num_threads(1)
    problems = []
    model, task = load(args.base, args.adapter, problems)
    if problems:
        sys.exit("\n".join(problems))
    tok = Tokenizer.from_file(str(Path(args.base) / "tokenizer.json"))
    tok.no_padding()
    lines = [json.loads(line) for line in Path(args.input).read_text(encoding="utf-8").splitlines() if line.strip()]
    values = [compute(model, task, tok, line) for line in lines]
    Path(args.output).write_text(json.dumps({"task_type": task, "logits" if task == "SEQ_CLS" else "features": values}))
    print(f"{len(values)} lines, task {task}, no missing and no unexpected tensor")


if __name__ == "__main__":
    main()
