# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes the golden grid: what transformers and PEFT compute, and the files they write, for every method on a tiny
seeded model of every architecture.

    pip install -r requirements.txt
    OMP_NUM_THREADS=1 python generate_grid.py OUTPUT_DIR [ARCHITECTURE ...]

The README says what each file holds. Everything is computed twice, in fp32 and by a float64 twin that starts from the
same fp32 tensors. Where they differ more than the limit, the case is made again from the next seed (an AdamW step of a
gradient near zero can go either way); for the methods that train the model itself that is the model's seed.
"""

import argparse
import copy
import json
import shutil
import warnings
from pathlib import Path

import peft
import safetensors
import tokenizers
import torch
import transformers
from peft import PeftModel, get_peft_model
from safetensors.torch import save_file

import grid_methods
from grid_checks import Unstable, check_tokens, compare, exported, free_of_shift, left_out
from grid_models import TASKS, load_model, write_model
from grid_training import TRAINING, Rows, generate, predictions, train

SEED = 20261122
PLAIN_RATE = 1e-3
VERSIONS = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__,
            "tokenizers": tokenizers.__version__, "safetensors": safetensors.__version__}


class Refused(Exception):
    """PEFT does not support the pair."""


def save_adapter(model, directory, base):
    """save_pretrained without the model card; lists sorted, because PEFT keeps them as sets."""
    model.save_pretrained(str(directory))
    (directory / "README.md").unlink(missing_ok=True)
    path = directory / "adapter_config.json"
    config = json.loads(path.read_text()) | {"base_model_name_or_path": base}
    config = {k: sorted(v) if k in ("target_modules", "feedforward_modules") and isinstance(v, list) else v
              for k, v in config.items()}
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def reloaded(arch, directory, case):
    return PeftModel.from_pretrained(load_model(arch, directory / "model"), str(directory / case)).eval()


def wrapped(arch, case, base, rows):
    """The model that a case trains; it has computed once, because PEFT refuses some pairs only then."""
    if case in grid_methods.PLAIN:
        return grid_methods.train_plainly(base, case)
    model = get_peft_model(base, grid_methods.config(arch, rows.task, case)).eval()
    if case != "pissa":
        grid_methods.randomize(model)
    model(**rows.batch(model, rows.rows[:2]))
    return model


def run(arch, case, directory, rows, seed):
    """Makes a case in an empty directory; returns what golden.json says."""
    plain = case in grid_methods.PLAIN
    base = load_model(arch, directory.parent / "model")
    torch.manual_seed(seed)
    try:
        model = wrapped(arch, case, base, rows)
    except (ValueError, TypeError, AttributeError, RuntimeError) as e:
        raise Refused(f"{type(e).__name__}: {e}") from e
    if not plain:
        save_adapter(model, directory / "init", arch)
    twin = copy.deepcopy(model).double()
    rate = PLAIN_RATE if plain else TRAINING["learning_rate"]
    golden = {"architecture": arch, "case": case, "seed": seed, "versions": VERSIONS,
              "training": TRAINING | {"learning_rate": rate}}
    before, ids = predictions(model, rows), generate(model, rows)
    compare("predictions", before, predictions(twin, rows))
    golden |= before
    check_tokens(ids, generate(twin, rows), golden, "generated_ids")
    if case == "pissa":
        residual = {n.replace(".base_layer", ""): p.detach().clone() for n, p in base.named_parameters()
                    if ".base_layer.weight" in n}
        save_file(residual, str(directory / "residual.safetensors"))
        del golden["training"]
        return golden
    if model_has_encoder(model):
        tensors = {n: p.detach().clone() for n, p in model.prompt_encoder["default"].named_parameters()}
        golden["init_training"] = {n: list(p.shape) for n, p in tensors.items()}
        save_file(tensors, str(directory / "init-training.safetensors"))
    if not plain:
        compare("init as loaded", before, predictions(reloaded(arch, directory.parent, f"{case}/init"), rows))
    trace, twin_trace = ({}, {}) if case == "adalora" else (None, None)
    golden["losses"], single = train(model, rows, rate, trace)
    losses, double = train(twin, rows, rate, twin_trace)
    compare("losses", golden["losses"], losses)
    if trace != twin_trace:
        raise Unstable("masks")
    names, ranges = left_out(single, double)
    golden |= {"left_out": names} | ({"left_out_ranges": ranges} if ranges else {})
    skip = {n: [(0, None)] for n in names} | ranges
    compare("trained", exported(model), exported(twin), skip)
    if plain:
        save_file({n: t.contiguous() for n, t in exported(model).items()}, str(directory / "trained.safetensors"))
    else:
        save_adapter(model, directory / "trained", arch)
    after = predictions(model, rows)
    compare("predictions trained", free_of_shift(after), free_of_shift(predictions(twin, rows)))
    golden |= {f"{k}_trained": v for k, v in after.items()}
    check_tokens(generate(model, rows), generate(twin, rows), golden, "generated_ids_trained")
    if not plain:
        compare("trained as loaded", after, predictions(reloaded(arch, directory.parent, f"{case}/trained"), rows))
    return golden | ({"adalora": trace} if trace else {})


def model_has_encoder(model):
    return isinstance(model, PeftModel) and model.active_peft_config.is_prompt_learning


def rounded(value):
    """Floats with the nine digits that say which fp32 they are."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, (list, tuple)) else value


def write_json(path, value):
    """One line an entry, so that a difference can be read."""
    def entry(v):
        if isinstance(v, list) and v and isinstance(v[0], (dict, list)):
            return "[\n    " + ",\n    ".join(json.dumps(e) for e in v) + "\n  ]"
        return json.dumps(v)
    body = ",\n".join(f"  {json.dumps(k)}: {entry(v)}" for k, v in rounded(value).items())
    path.write_text("{\n" + body + "\n}\n", encoding="utf-8")


def write_case(arch, case, directory, rows):
    """Tries seed after seed; a method that trains the model itself has none, and fails."""
    for attempt in range(1 if case in grid_methods.PLAIN else 60):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        try:
            golden = run(arch, case, directory, rows, SEED + attempt)
        except Unstable as e:
            print(f"{arch} {case}, seed {SEED + attempt}: {e}")
            continue
        write_json(directory / "golden.json", golden)
        return
    raise Unstable(f"{arch} {case}: no seed")


def write_architecture(arch, out, unsupported):
    for attempt in range(60):
        shutil.rmtree(out / arch, ignore_errors=True)
        (out / arch).mkdir(parents=True)
        write_model(arch, out / arch / "model", SEED + attempt)
        rows = Rows(arch, out / arch / "model")
        try:
            refused = {}
            # what can ask for another model comes first
            for case in sorted(grid_methods.cases(arch), key=lambda c: c not in grid_methods.PLAIN):
                try:
                    write_case(arch, case, out / arch / case, rows)
                except Refused as e:
                    print(f"{arch} {case} refused: {e}")
                    refused[case] = str(e)
                    shutil.rmtree(out / arch / case)
        except Unstable as e:
            print(f"{e}: another model")
            continue
        unsupported[arch] = refused
        print(f"{arch}: written", flush=True)
        text = "".join(json.dumps(line) + "\n" for line in rows.lines)
        (out / arch / "train.jsonl").write_text(text, encoding="utf-8")
        write_json(out / arch / "tokens.json", {"seed": SEED + attempt, "lines": rows.rows})
        return
    raise SystemExit(f"{arch}: no seed gives a model on which both runs agree")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("architectures", nargs="*", default=list(TASKS))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    # PEFT asks for it on encoder-decoder models, transformers 5 has it no more
    transformers.GenerationMixin._prepare_encoder_decoder_kwargs_for_generation = lambda *args, **kwargs: None
    arguments.output.mkdir(parents=True, exist_ok=True)
    path = arguments.output / "unsupported.json"
    unsupported = json.loads(path.read_text()) if path.exists() else {}
    for arch in arguments.architectures:
        write_architecture(arch, arguments.output, unsupported)
        write_json(path, {a: unsupported[a] for a in TASKS if unsupported.get(a)})
    for path in arguments.output.rglob("*.safetensors"):
        path.chmod(0o644)


if __name__ == "__main__":
    main()
