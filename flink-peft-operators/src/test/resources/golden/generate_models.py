# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes what transformers computes for models of the grid whose files were changed a little.

    OMP_NUM_THREADS=1 python generate_models.py grid models.json

`model_cases.py` holds the cases. What the pipeline for text classification, a language model's loss or a masked language
model says is computed from the changed files, alone in its batch; a case that transformers loads with tensors missing or of
another shape is refused here.
"""

import argparse
import json
import logging
import math
import re
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import (AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM,
                          AutoModelForSequenceClassification, AutoTokenizer, pipeline)

from model_cases import CASES

TEXTS = ["the soup was good", "rain and wind all day", "they won the match"]
TARGET = "a good day"
WORDS = {"bert": ["bread", "rain"], "roberta": ["a", "the"], "deberta-v2": ["the", "and"]}  # each a token
CLASSES = {"scores": AutoModelForSequenceClassification, "losses": AutoModelForCausalLM,
           "target_losses": AutoModelForSeq2SeqLM, "mask": AutoModelForMaskedLM}


def wave(shape, scale):
    """The values of a tensor that a case adds: both sides compute them."""
    return torch.tensor([scale * math.sin(0.7 * i + 1) for i in range(math.prod(shape))], dtype=torch.float32).reshape(shape)


def changed(tensors, operation):
    kind, *rest = operation
    if kind == "rename":
        return {re.sub(rest[0], rest[1], n): t for n, t in tensors.items()}
    if kind == "drop":
        return {n: t for n, t in tensors.items() if not re.search(rest[0], n)}
    if kind == "wave":
        return tensors | {rest[0]: wave(rest[1], rest[2])}
    if kind == "copy":
        return tensors | {rest[1]: rest[2] * tensors[rest[0]]}
    if kind == "rows":
        return tensors | {rest[0]: tensors[rest[0]][:rest[1]]}
    raise ValueError(kind)


def change(directory, case):
    config = json.loads((directory / "config.json").read_text())
    config = {k: v for k, v in (config | case.get("config", {})).items() if k not in case.get("without", [])}
    (directory / "config.json").write_text(json.dumps(config))
    tensors = load_file(directory / "model.safetensors")
    for operation in case.get("tensors", []):
        tensors = changed(tensors, operation)
    save_file({n: t.clone() for n, t in tensors.items()}, directory / "model.safetensors", {"format": "pt"})


def load(directory, kind):
    model, info = CLASSES[kind].from_pretrained(directory, output_loading_info=True, dtype=torch.float32)
    missing = [n for n in info["missing_keys"] if "pooler" not in n and n != "final_logits_bias"]
    if missing or info["mismatched_keys"]:
        raise ValueError(f"{directory}: missing {missing}, mismatched {info['mismatched_keys']}")
    return model.eval()


def values(directory, kind):
    tok, model = AutoTokenizer.from_pretrained(directory), load(directory, kind)
    if kind == "scores":
        pipe = pipeline("text-classification", model=model, tokenizer=tok, top_k=None, device="cpu")
        return [{x["label"]: x["score"] for x in pipe([t])[0]} for t in TEXTS]
    out = []
    for text in TEXTS:
        ids = tok(text, return_tensors="pt").input_ids
        with torch.no_grad():
            if kind == "losses":
                out.append(float(model(input_ids=ids, labels=ids).loss))
            elif kind == "target_losses":
                out.append(float(model(input_ids=ids, labels=tok(TARGET, return_tensors="pt").input_ids).loss))
            else:
                ids = tok(text + " " + tok.mask_token, return_tensors="pt").input_ids
                logits = model(input_ids=ids).logits[0, ids[0].tolist().index(tok.mask_token_id)]
                out.append({w: float(logits[tok.encode(" " + w, add_special_tokens=False)[0]]) for w in WORDS[model.config.model_type]})
    return out


def golden(grid, case):
    with tempfile.TemporaryDirectory() as d:
        directory = Path(d) / "model"
        shutil.copytree(grid / case["model"] / "model", directory)
        change(directory, case)
        return case | {"values": values(directory, case["kind"])}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("grid", type=Path)
    parser.add_argument("output", type=Path)
    a = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    lines = ",\n".join(json.dumps(golden(a.grid, c)) for c in CASES)
    a.output.write_text('{"versions": "torch %s, transformers %s",\n"texts": %s, "target": "%s",\n"cases": [\n%s\n]}\n' % (
        torch.__version__, transformers.__version__, json.dumps(TEXTS), TARGET, lines))
