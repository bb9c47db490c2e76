# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""The benchmark's peer: times one training step of Hugging Face PEFT on a BERT directory.

    pip install -r requirements.txt
    python peft_peer.py MODEL_DIR [--texts TEXTS.txt] < cases.jsonl > results.jsonl

Reads a case a line and answers a line at once, so that a harness can hold the pipe open and alternate between peers.
Models are kept between cases. An empty object is a valid case; these are the keys and their defaults:

    {"batch": 32, "tokens": 64,      rows and tokens a row, all of full length; "tokens": "texts" takes TEXTS.txt, a text a
                                     line, in order, padded to the longest of the batch
     "method": {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["query", "value"]},
                                     an adapter_config.json; or plain PyTorch with "peft_type": "BITFIT", "FREEZE" with
                                     "freeze_trainable_layers", "FULL" or "HEAD_ONLY"
     "rate_ratio": 1,                LoRA+: the rate of lora_B by that of lora_A
     "labels": 45,
     "dtype": "fp32",                or "bf16" (weights), or "autocast" (fp32 weights, autocast to bf16)
     "attention": "sdpa",            or "eager"
     "optimizer": "best",            or "default", "foreach", "fused": forms of torch.optim.AdamW; best = the one whose
                                     step is fastest here
     "compile": false,               torch.compile of the model
     "device": "cpu",                or "cuda"
     "threads": 1, "warmup": 3, "iterations": 10}

An answer is the whole case with "optimizer" resolved and median_ms, min_ms, mean_ms, loss, valid_tokens and padded_tokens
(a step, mean), rss_mb, versions; or {"error": ...} with the case.

A step is: forward, mean pooling over the attention mask, L2 norm times sqrt(width), linear head, mean cross entropy (with
AdaLoRA its regulariser), backward, clip_grad_norm_ 1.0, AdamW (with AdaLoRA its allocation of ranks), zero_grad. Dropout is off, labels and ids are seeded. Tokenizing and padding happen
before the clock starts.
"""

import argparse
import contextlib
import json
import math
import resource
import statistics
import sys
import time
from pathlib import Path

import peft
import torch
import transformers
from tokenizers import Tokenizer
from torch.nn import functional as F

LORA = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["query", "value"]}
DEFAULTS = {"batch": 32, "tokens": 64, "method": LORA, "rate_ratio": 1, "labels": 45, "dtype": "fp32",
            "attention": "sdpa", "optimizer": "best", "compile": False, "device": "cpu", "threads": 1, "warmup": 3,
            "iterations": 10}
MODEL_KEYS = ("method", "labels", "dtype", "attention", "compile", "device")
RATE = 1e-4
FORMS = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}}
SEED = 7


class Classifier(torch.nn.Module):
    """An encoder with mean pooling over a text's own tokens and a linear head."""

    def __init__(self, encoder, width, labels):
        super().__init__()
        self.encoder, self.scale = encoder, math.sqrt(width)
        self.head = torch.nn.Linear(width, labels)
        torch.nn.init.zeros_(self.head.weight)

    def forward(self, ids, mask, labels):
        output = self.encoder(input_ids=ids, attention_mask=mask)
        hidden = output.last_hidden_state[:, -ids.shape[1]:]  # without virtual tokens
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        pooled = ((hidden * weights).sum(1) / weights.sum(1)).float()
        loss = F.cross_entropy(self.head(F.normalize(pooled, dim=1) * self.scale).float(), labels)
        return loss + getattr(output, "loss", 0.0)


def plain(base, method):
    """The methods that PEFT lacks and PyTorch needs no library for; None for others."""
    kind, layers = method["peft_type"], base.config.num_hidden_layers
    last = layers - method.get("freeze_trainable_layers", 0)
    trains = {"BITFIT": lambda name: name.endswith("bias"),
              "FREEZE": lambda name: any(f"layer.{i}." in name for i in range(last, layers)),
              "FULL": lambda name: True,
              "HEAD_ONLY": lambda name: False}.get(kind)
    if trains is None:
        return None
    for name, parameter in base.named_parameters():
        parameter.requires_grad = trains(name)
    return base


def with_method(base, method):
    """The base with a PEFT method, or with one of PyTorch alone."""
    model = plain(base, method)
    if model is not None:
        return model
    if method["peft_type"] == "ADALORA":
        without = base.forward

        def forward(*args, **kwargs):  # PEFT adds the regulariser to a loss, a bare encoder has none
            output = without(*args, **kwargs)
            output.loss = output.last_hidden_state.new_zeros(())
            return output

        base.forward = forward
    config = peft.get_peft_config({**method, "task_type": "FEATURE_EXTRACTION", "inference_mode": False})
    return peft.get_peft_model(base, config)


class Peer:
    def __init__(self, model_dir, texts):
        self.model_dir, self.models, self.forms = model_dir, {}, {}
        self.token_ids = None
        if texts:
            tokenizer = Tokenizer.from_file(str(Path(model_dir) / "tokenizer.json"))
            tokenizer.no_padding()
            lines = [line for line in Path(texts).read_text(encoding="utf-8").splitlines() if line]
            self.token_ids = [e.ids for e in tokenizer.encode_batch(lines)]

    def answer(self, case):
        case = {**DEFAULTS, **case}
        unknown = case.keys() - DEFAULTS.keys()
        if unknown:
            raise ValueError(f"unknown keys {sorted(unknown)}, must be of {sorted(DEFAULTS)}")
        torch.set_num_threads(case["threads"])
        model = self.model(case)
        batches = self.batches(case, model)
        form = self.best_form(case, model, batches) if case["optimizer"] == "best" else case["optimizer"]
        times, loss = self.time_steps(case, model, batches, form, case["warmup"], case["iterations"])
        return {**case, "optimizer": form, "peer": "peft", "median_ms": round(statistics.median(times), 3),
                "min_ms": round(min(times), 3), "mean_ms": round(statistics.mean(times), 3), "loss": loss,
                "valid_tokens": statistics.mean(float(b[1].sum()) for b in batches),
                "padded_tokens": statistics.mean(b[1].numel() for b in batches),
                "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "versions": {"torch": torch.__version__, "peft": peft.__version__,
                             "transformers": transformers.__version__}}

    def model(self, case):
        key = json.dumps([case[k] for k in MODEL_KEYS])
        if key not in self.models:
            method = json.dumps(case["method"])
            self.models = {k: m for k, m in self.models.items() if json.dumps(json.loads(k)[0]) == method}
            self.models[key] = self.build(case)
        return self.models[key]

    def build(self, case):
        torch.manual_seed(SEED)
        weights = torch.bfloat16 if case["dtype"] == "bf16" else torch.float32
        base = transformers.AutoModel.from_pretrained(self.model_dir, dtype=weights,
                                                      attn_implementation=case["attention"], add_pooling_layer=False)
        encoder = with_method(base, case["method"])
        model = Classifier(encoder, base.config.hidden_size, case["labels"]).eval().to(case["device"])
        return torch.compile(model) if case["compile"] else model

    def batches(self, case, model):
        generator = torch.Generator().manual_seed(SEED)
        size, device = case["batch"], case["device"]
        count = case["warmup"] + case["iterations"] if case["tokens"] == "texts" else 1
        return [tuple(t.to(device) for t in (*self.inputs(case, i, generator),
                                             torch.randint(case["labels"], (size,), generator=generator)))
                for i in range(count)]

    def inputs(self, case, i, generator):
        size = case["batch"]
        if case["tokens"] != "texts":
            ids = torch.randint(1000, 30000, (size, case["tokens"]), generator=generator)
            return ids, torch.ones_like(ids)
        if not self.token_ids:
            raise ValueError('"tokens": "texts" needs --texts')
        rows = [self.token_ids[(i * size + j) % len(self.token_ids)] for j in range(size)]
        longest = max(map(len, rows))
        return (torch.tensor([r + [0] * (longest - len(r)) for r in rows]),
                torch.tensor([[1] * len(r) + [0] * (longest - len(r)) for r in rows]))

    def best_form(self, case, model, batches):
        """Alternates the forms on one gradient and keeps the fastest; chosen once for a model and thread count."""
        key = (json.dumps([case[k] for k in MODEL_KEYS]), case["threads"])
        if key not in self.forms:
            with precision(case):
                loss = model(*batches[0])
            loss.backward()
            optimizers = {form: adamw(case, model, form) for form in FORMS}
            fastest = dict.fromkeys(FORMS, math.inf)
            for _ in range(4):
                for form, optimizer in optimizers.items():
                    fastest[form] = min(fastest[form], timed(case, optimizer.step))
            model.zero_grad(set_to_none=True)
            self.forms[key] = min(fastest, key=fastest.get)
        return self.forms[key]

    @staticmethod
    def time_steps(case, model, batches, form, warmup, iterations):
        trained = [p for p in model.parameters() if p.requires_grad]
        optimizer = adamw(case, model, form)
        allocate = getattr(getattr(model.encoder, "base_model", None), "update_and_allocate", None)
        times, losses = [], []

        def step(i):
            with precision(case):
                loss = model(*batches[i % len(batches)])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            if allocate:
                allocate(i)
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss)

        for i in range(warmup + iterations):
            times.append(timed(case, lambda: step(i)))
        return times[warmup:], losses[-1].item()


def precision(case):
    return torch.autocast(case["device"], torch.bfloat16) if case["dtype"] == "autocast" else contextlib.nullcontext()


def adamw(case, model, form):
    """AdamW in one of its forms, with LoRA+'s rates if they are asked for."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    fast = [p for name, p in named if "lora_B" in name]
    rest = [p for name, p in named if "lora_B" not in name]
    ratio = case["rate_ratio"]
    groups = rest + fast if ratio == 1 else [{"params": rest}, {"params": fast, "lr": RATE * ratio}]
    return torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01, **FORMS[form])


def timed(case, work):
    """Milliseconds that the work takes."""
    synchronize = torch.cuda.synchronize if case["device"] != "cpu" else lambda: None
    synchronize()
    start = time.perf_counter()
    work()
    synchronize()
    return (time.perf_counter() - start) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("model_dir")
    parser.add_argument("--texts", help="a text a line, for the cases with \"tokens\": \"texts\"")
    args = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    peer = Peer(args.model_dir, args.texts)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            answer = peer.answer(json.loads(line))
        except Exception as problem:  # the pipe must stay open for the next case
            answer = {"error": f"{type(problem).__name__}: {problem}", "case": line.strip()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
