# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes the golden clozes: classification by the words at a mask, with templates and verbalizers.

    OMP_NUM_THREADS=1 python generate_cloze.py GRID_DIR OUTPUT_DIR

The models are those of the grid. PEFT has neither verbalizers nor virtual tokens inside a text: the sequence of
embeddings and the loss are put together here, from tokens of the pieces of a template, and only the tensors are PEFT's.
The score of a label is the mean of its words' logits at the mask (Schick and Schuetze, 2021, PET), the loss the cross
entropy over the labels, the mean over a batch. Everything is computed by a float64 twin too.
"""

import argparse
import copy
import json
import shutil
import warnings
from pathlib import Path

import torch
import transformers
from peft import get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer

import grid_methods
from generate_grid import SEED, VERSIONS, save_adapter, write_json
from grid_checks import Unstable, compare, exported, left_out
from grid_methods import VIRTUAL
from grid_models import load_model
from grid_texts import CLASSIFIED, LABELS
from grid_training import TRAINING

MASK = {"bert-mlm": "[MASK]", "roberta-mlm": "<mask>", "deberta-v2-mlm": "[MASK]"}
WORDS = {
    "bert-mlm": {"food": ["bread", "fish"], "weather": ["rain"], "sport": ["match", "goal", "team"]},
    "roberta-mlm": {"food": ["a", "an"], "weather": ["the"], "sport": ["i", "w", "s"]},
    "deberta-v2-mlm": {"food": ["the", "is"], "weather": ["and"], "sport": ["a", "soup", "best"]}}
# The pieces of a template: strings, numbers of virtual tokens, and where the text is. Virtual tokens that stand
# before the first special token are not in the template: PEFT puts them there.
PLAIN = ["{text}", " It was [MASK]."]
ANCHORED = [1, "{text}", " ?", 1, " [MASK]", 1]
CASES = {
    "bert-lora": ("bert-mlm", "lora", PLAIN), "roberta-lora": ("roberta-mlm", "lora", PLAIN),
    "deberta-v2-lora": ("deberta-v2-mlm", "lora", PLAIN), "bert-prefix": ("bert-mlm", "prefix", PLAIN),
    "bert-prompt-tuning": ("bert-mlm", "prompt-tuning", PLAIN),
    "bert-anchors": ("bert-mlm", "p-tuning-mlp", ANCHORED),
    "bert-anchors-lstm": ("bert-mlm", "p-tuning-lstm", ANCHORED),
    "roberta-anchors": ("roberta-mlm", "prompt-tuning", ANCHORED)}


def template(pieces):
    """The template as cloze.json has it."""
    parts = [f" {{virtual:{p}}}" if isinstance(p, int) else p for p in pieces]
    return "".join(parts).lstrip(" ").replace("}{text}", "} {text}")


class Cloze:
    """The rows of a case: tokens with -1 at virtual tokens, the place of the mask, the label."""

    def __init__(self, arch, directory, pieces, inside):
        self.tok = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self.mask = self.tok.token_to_id(MASK[arch])
        self.words = [[self.word(w) for w in WORDS[arch][label]] for label in LABELS]
        self.inside = inside
        self.rows = []
        for text, _, label in CLASSIFIED:
            ids = self.ids(pieces, text, MASK[arch])
            self.rows.append({"input_ids": ids, "mask": ids.index(self.mask), "label": LABELS.index(label)})

    def word(self, word):
        """The token of a word after a space."""
        ids = self.tok.encode(" " + word, add_special_tokens=False).ids
        if len(ids) != 1:
            raise ValueError(f"Word ({word}) must be one token.")
        return ids[0]

    def ids(self, pieces, text, mask):
        """The tokens of the text without virtual tokens, with these put between."""
        strings = [p if isinstance(p, int) else p.replace("{text}", text).replace("[MASK]", mask) for p in pieces]
        encoding = self.tok.encode("".join(s for s in strings if isinstance(s, str)))
        ids, at, place = list(encoding.ids), 0, 1  # place 1: behind the first special token
        for s in strings:
            if isinstance(s, int):
                ids[place:place] = [-1] * s
                place += s
            else:
                at += len(s)
                while encoding.special_tokens_mask[self.real(ids, place)] == 0 or ids[place] == self.mask:
                    if encoding.offsets[self.real(ids, place)][0] >= at:
                        break
                    place += 1
        return ids

    @staticmethod
    def real(ids, place):
        """The place without the virtual tokens before it."""
        return place - ids[:place].count(-1)

    def scores(self, model, row):
        """Scores of the labels: the means of their words' logits."""
        ids = torch.tensor([row["input_ids"]])
        base = model.get_base_model()
        config = model.active_peft_config
        mask = row["mask"]
        if not config.is_prompt_learning:
            logits = model(input_ids=ids).logits
        elif config.peft_type.value == "PREFIX_TUNING":
            ones = torch.ones(1, VIRTUAL + ids.shape[1])
            cache = model.get_prompt(batch_size=1)
            logits = base(input_ids=ids, attention_mask=ones, past_key_values=cache).logits
        else:
            prompt = model.get_prompt(batch_size=1)
            embeddings = base.get_input_embeddings()(ids.clamp_min(0))
            virtual = ids[0] == -1
            if self.inside:
                embeddings = torch.index_put(embeddings, (torch.tensor([0]), virtual.nonzero().flatten()), prompt[0])
            else:
                embeddings, mask = torch.cat((prompt, embeddings), 1), mask + VIRTUAL
            logits = base(inputs_embeds=embeddings).logits
        at = logits[0, mask]
        return torch.stack([at[w].mean() for w in self.words])

    def losses(self, model, rows):
        return [torch.nn.functional.cross_entropy(self.scores(model, r), torch.tensor(r["label"])) for r in rows]


def train(model, cloze):
    t = TRAINING
    parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(parameters.values(), lr=t["learning_rate"], betas=tuple(t["betas"]), eps=t["eps"],
                                  weight_decay=t["weight_decay"])
    largest = {n: torch.zeros_like(p) for n, p in parameters.items()}
    losses, n = [], t["batch_size"]
    for step in range(t["steps"]):
        optimizer.zero_grad()
        rows = [cloze.rows[(step * n + j) % len(cloze.rows)] for j in range(n)]
        loss = sum(cloze.losses(model, rows)) / n
        loss.backward()
        losses.append(loss.item())
        for name, p in parameters.items():
            if p.grad is not None:
                largest[name] = torch.maximum(largest[name], p.grad.abs())
        optimizer.step()
    return losses, largest


def predictions(model, cloze):
    with torch.no_grad():
        return {"logits": [cloze.scores(model, r).tolist() for r in cloze.rows]}


def run(case, grid, directory, seed):
    arch, method, pieces = CASES[case]
    base = load_model(arch, grid / arch / "model")
    torch.manual_seed(seed)
    # PEFT has no task type for it, and none of its prompts is without one
    task = "FEATURE_EXTRACTION" if pieces is ANCHORED or method.startswith(("prompt", "prefix")) else "MASKED_LM"
    model = get_peft_model(base, grid_methods.config(arch.removesuffix("-mlm"), task, method)).eval()
    grid_methods.randomize(model)
    cloze = Cloze(arch, grid / arch / "model", pieces, pieces is ANCHORED)
    save_adapter(model, directory / "init", arch)
    twin = copy.deepcopy(model).double()
    golden = {"architecture": arch, "case": method, "seed": seed, "versions": VERSIONS, "training": TRAINING}
    golden["tokens"] = [r["input_ids"] for r in cloze.rows]
    golden |= predictions(model, cloze)
    compare("predictions", predictions(model, cloze), predictions(twin, cloze))
    if model.active_peft_config.is_prompt_learning:
        tensors = {n: p.detach().clone() for n, p in model.prompt_encoder["default"].named_parameters()}
        golden["init_training"] = {n: list(p.shape) for n, p in tensors.items()}
        save_file(tensors, str(directory / "init-training.safetensors"))
    golden["losses"], single = train(model, cloze)
    losses, double = train(twin, cloze)
    compare("losses", golden["losses"], losses)
    names, ranges = left_out(single, double)
    golden |= {"left_out": names} | ({"left_out_ranges": ranges} if ranges else {})
    compare("trained", exported(model), exported(twin), {n: [(0, None)] for n in names} | ranges)
    save_adapter(model, directory / "trained", arch)
    after = predictions(model, cloze)
    compare("predictions trained", after, predictions(twin, cloze))
    golden |= {f"{k}_trained": v for k, v in after.items()}
    for name in ("init", "trained"):
        text = json.dumps({"template": template(pieces), "verbalizer": WORDS[arch]}, indent=2)
        (directory / name / "cloze.json").write_text(text + "\n")
    return golden


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("grid", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore")
    shutil.rmtree(arguments.output, ignore_errors=True)
    arguments.output.mkdir(parents=True)
    lines = [json.dumps({"text": text, "label": label}) + "\n" for text, _, label in CLASSIFIED]
    (arguments.output / "train.jsonl").write_text("".join(lines), encoding="utf-8")
    for case in CASES:
        for attempt in range(60):
            directory = arguments.output / case
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir()
            try:
                write_json(directory / "golden.json", run(case, arguments.grid, directory, SEED + attempt))
                break
            except Unstable as e:
                print(f"{case}, seed {SEED + attempt}: {e}")
        else:
            raise SystemExit(f"{case}: no seed")
        print(f"{case}: written", flush=True)
    for path in arguments.output.rglob("*.safetensors"):
        path.chmod(0o644)


if __name__ == "__main__":
    main()
