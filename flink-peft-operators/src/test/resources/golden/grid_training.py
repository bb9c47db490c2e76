# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""What a case of the golden grid computes: predictions, greedy tokens, steps of AdamW."""

import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from grid_methods import ADALORA
from grid_models import OUTPUTS, PROBLEMS, TASKS
from grid_texts import batch, lines, row

TRAINING = {"optimizer": "AdamW", "learning_rate": 1e-2, "weight_decay": 0.01, "betas": [0.9, 0.999], "eps": 1e-8,
            "batch_size": 4, "steps": 12, "shuffle": False, "dropout": False, "clip": None, "schedule": None}
NEW_TOKENS = 8


class Rows:
    """The lines of an architecture as tokens, in the batches of training and one by one."""

    def __init__(self, arch, directory):
        self.task = TASKS[arch]
        self.lines = lines(self.task, PROBLEMS.get(arch), OUTPUTS.get(arch, ()))
        tok = Tokenizer.from_file(str(directory / "tokenizer.json"))
        auto = AutoTokenizer.from_pretrained(str(directory))
        if self.task == "MASKED_LM":
            self.lines = [line | {"text": line["text"].replace("[MASK]", auto.mask_token)} for line in self.lines]
        for line in self.lines:
            texts = [v for k in ("text", "text_pair") if (v := line.get(k))]
            if auto(*texts)["input_ids"] != tok.encode(*texts).ids:
                raise ValueError(f"Line ({line}) must have the same tokens in both tokenizers.")
        self.rows = [row(self.task, tok, line) for line in self.lines]
        self.names = ["token_type_ids"] if arch.startswith("bert") else []
        # where transformers lets padding into a row's loss: into the softmax over a text's tokens, and, under prompts,
        # as the last token of a decoder's text
        self.apart = self.task == "QUESTION_ANS" or arch.endswith("-cls") or arch in ("gpt2-regression", "gpt2-labels")

    def batch(self, model, rows):
        inputs = batch(rows, getattr(model.config, "pad_token_id", None) or 0, self.names)
        if "labels" in inputs and inputs["labels"].is_floating_point():
            inputs["labels"] = inputs["labels"].to(model.dtype)
        return inputs

    def steps(self):
        n = TRAINING["batch_size"]
        for i in range(TRAINING["steps"]):
            yield [self.rows[(i * n + j) % len(self.rows)] for j in range(n)]

    def loss(self, model, rows):
        """The loss of a batch; of rows apart the mean of each one alone, so that there is no padding."""
        batches = [[r] for r in rows] if self.apart else [rows]
        return sum(model(**self.batch(model, b)).loss for b in batches) / len(batches)


def predictions(model, rows):
    """What predict writes of each line, alone in its batch; AdaLoRA's regulariser is no part of it."""
    inner = model.base_model.model if getattr(model, "peft_type", None) == "ADALORA" else model
    values = {}
    with torch.no_grad():
        for r in rows.rows:
            out = inner(**rows.batch(model, [r]))
            if rows.task in ("CAUSAL_LM", "SEQ_2_SEQ_LM", "MASKED_LM"):
                values.setdefault("loss", []).append(out.loss.item())
            if rows.task == "QUESTION_ANS":
                values.setdefault("start_logits", []).append(out.start_logits[0].tolist())
                values.setdefault("end_logits", []).append(out.end_logits[0].tolist())
            elif rows.task == "MASKED_LM":
                mask = [t != -100 for t in r["labels"]].index(True)
                values.setdefault("logits", []).append(out.logits[0, mask].tolist())
            elif rows.task in ("SEQ_CLS", "TOKEN_CLS"):
                values.setdefault("logits", []).append(out.logits[0].tolist())
    return values


def generate(model, rows):
    """Greedy new tokens of each line, the end token among them."""
    if rows.task not in ("CAUSAL_LM", "SEQ_2_SEQ_LM"):
        return None
    result = []
    for r in rows.rows:
        ids = torch.tensor([r["prompt"]])
        out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=NEW_TOKENS,
                             do_sample=False)[0].tolist()
        result.append(out[1:] if rows.task == "SEQ_2_SEQ_LM" else out[ids.shape[1]:])
    return result


def train(model, rows, rate, trace):
    """Losses of the steps, and for each parameter the largest gradient that each of its elements had."""
    t = TRAINING
    parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(parameters.values(), lr=rate, betas=tuple(t["betas"]), eps=t["eps"],
                                  weight_decay=t["weight_decay"])
    largest = {n: torch.zeros_like(p) for n, p in parameters.items()}
    losses = []
    for step, batch_rows in enumerate(rows.steps()):
        optimizer.zero_grad()
        loss = rows.loss(model, batch_rows)
        loss.backward()
        losses.append(loss.item())
        for n, p in parameters.items():
            if p.grad is not None:
                largest[n] = torch.maximum(largest[n], p.grad.abs())
        optimizer.step()
        if trace is not None:
            allocate(model, step, trace)
    return losses, largest


def allocate(model, step, trace):
    """AdaLoRA's budget after a step; a mask is a digit a triplet, in the order of the model's layers."""
    model.base_model.update_and_allocate(step)
    budget, masked = model.base_model.rankallocator.budget_schedule(step)
    masked = masked or step == ADALORA["total_step"] - ADALORA["tfinal"]
    e = {n.replace(".lora_E.default", ""): p for n, p in model.base_model.model.named_parameters() if "lora_E" in n}
    trace.setdefault("layers", list(e))
    trace.setdefault("steps", []).append({
        "step": step, "budget": budget, "masked": masked,
        "kept": ["".join("1" if v != 0 else "0" for v in p.flatten().tolist()) for p in e.values()]})
