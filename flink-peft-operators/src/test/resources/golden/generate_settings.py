# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes what PEFT computes with adapters whose adapter_config.json has other values than the defaults.

    OMP_NUM_THREADS=1 python generate_settings.py grid settings

`settings_cases.py` holds the cases. `settings/cases.json` has for each the model of the grid, the text of adapter_config.json
and what PEFT's PeftModel.from_pretrained then says of the texts: logits of a classifier, else losses. `merged` is what
merge_and_unload gives, where that is something else; `error` what PEFT says where it loads nothing. `refused`, `unmerged`,
`warned` and `merges` are our side, see there. `settings/tensors.safetensors` has the adapters' tensors, as NUMBER/NAME.
"""

import argparse
import json
import logging
import tempfile
import warnings
from pathlib import Path

import peft
import torch
import transformers
from peft import PeftModel, get_peft_model
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING, PEFT_TYPE_TO_TUNER_MAPPING
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer

from grid_models import TASKS, load_model
from settings_cases import CASES, DROP

TEXTS = ["the soup was good", "rain and wind all day"]
TARGET = "a good day"
OURS = ["LORA", "ADALORA", "IA3", "PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING"]
FAILURES = (ValueError, TypeError, KeyError, AttributeError, RuntimeError, ImportError, NotImplementedError, IndexError,
            AssertionError)


def randomize(model, seed):
    """Nothing that trains stays zero, and all of it is noticed; names in order, so that the base has no part."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if p.requires_grad:
                p.add_(0.3 * torch.randn(p.shape, generator=generator))
            if "lora_magnitude_vector" in name:
                p.abs_()


def make(base, case, directory):
    """The adapter's files; PEFT keeps lists as sets, so they are sorted."""
    arguments = dict(task_type=TASKS[case["model"]]) | case["arguments"]
    model = get_peft_model(base, PEFT_TYPE_TO_CONFIG_MAPPING[case["method"]](**arguments)).eval()
    randomize(model, 20261201)
    model.save_pretrained(directory)
    path = directory / "adapter_config.json"
    config = json.loads(path.read_text()) | {"base_model_name_or_path": case["model"]}
    config = {k: sorted(v) if isinstance(v, list) and all(isinstance(x, str) for x in v) else v
              for k, v in (config | case["edit"]).items() if v != DROP}
    path.write_text(json.dumps(config))
    return config


def values(model, tok, task):
    out = []
    for text in TEXTS:
        batch = tok(text, return_tensors="pt")
        with torch.no_grad():
            if task == "SEQ_CLS":
                out.append(model(**batch).logits[0].tolist())
            else:
                batch["labels"] = batch.input_ids if task == "CAUSAL_LM" else tok(TARGET, return_tensors="pt").input_ids
                batch.pop("token_type_ids", None)
                out.append([float(model(**batch).loss)])
    return out


def far(one, other):
    return (torch.tensor(one) - torch.tensor(other)).abs().max() > 1e-5


def merged(model, tok, task):
    try:
        return values(model.merge_and_unload().eval(), tok, task)
    except FAILURES as e:
        return f"{type(e).__name__}: {e}".splitlines()[0]


def golden(grid, case, tensors, number):
    source, task = grid / case["model"] / "model", TASKS[case["model"]]
    tok = AutoTokenizer.from_pretrained(source)
    with tempfile.TemporaryDirectory() as d:
        directory = Path(d)
        config = make(load_model(case["model"], source), case, directory)
        own = load_file(directory / "adapter_model.safetensors")
        base = load_model(case["model"], source)
        without = values(base, tok, task)
        says = {k: case[k] for k in ("refused", "unmerged", "warned", "merges") if case[k]}
        result = dict(name=case["name"], model=case["model"], **says, config=config)
        # cases with the same tensors share them
        same = next((k for k, v in tensors.items() if v.keys() == own.keys() and all(torch.equal(v[n], own[n]) for n in v)), number)
        tensors[same] = own
        result["tensors"] = same
        try:
            model = PeftModel.from_pretrained(base, directory).eval()
            result["values"] = values(model, tok, task)
        except FAILURES as e:
            return result | {"error": f"{type(e).__name__}: {e}".splitlines()[0].replace(d, "DIR")}
        if not far(result["values"], without):
            print(f"{case['name']}: the adapter changes nothing")
        if case["method"] in ("LORA", "ADALORA", "IA3"):
            after = merged(model, tok, task)
            if isinstance(after, str):
                result["unmergeable"] = after
            elif far(after, result["values"]):
                result["merged"] = after
        return result


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("grid", type=Path)
    parser.add_argument("output", type=Path)
    a = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    # PEFT asks for it on encoder-decoder models, transformers 5 has it no more
    transformers.GenerationMixin._prepare_encoder_decoder_kwargs_for_generation = lambda *args, **kwargs: None
    a.output.mkdir(parents=True, exist_ok=True)
    tensors = {}
    cases = []
    for number, case in enumerate(CASES):
        torch.manual_seed(1)
        try:
            cases.append(golden(a.grid, case, tensors, str(number)))
        except FAILURES as e:
            print(f"{case['name']}: {type(e).__name__}: {e}")
    lines = ",\n".join(json.dumps(rounded(c)) for c in cases)
    others = sorted(t.value for t in PEFT_TYPE_TO_CONFIG_MAPPING if t.value not in OURS)
    (a.output / "cases.json").write_text(
        '{"versions": "torch %s, transformers %s, peft %s",\n"texts": %s, "target": "%s",\n"others": %s,\n"cases": [\n%s\n]}\n' % (
            torch.__version__, transformers.__version__, peft.__version__, json.dumps(TEXTS), TARGET, json.dumps(others), lines))
    save_file({f"{k}/{n}": t.contiguous() for k, v in tensors.items() for n, t in v.items()},
              a.output / "tensors.safetensors", {"format": "pt"})
    (a.output / "tensors.safetensors").chmod(0o644)
