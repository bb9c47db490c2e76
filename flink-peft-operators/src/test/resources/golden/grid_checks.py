# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Compares a run in fp32 with its float64 twin."""

import torch
from peft import PeftModel, get_peft_model_state_dict

LIMIT = 3e-5  # below the tests' tolerance of 1e-4: their own rounding comes on top


class Unstable(Exception):
    """The float64 twin went another way."""


def left_out(single, double):
    """Names of tensors, and ranges of flat indices, whose true gradient is zero and whose computed one is noise."""
    names, ranges = [], {}
    for n, g in double.items():
        noise = ((g < 1e-12) & (single[n] > 0)).flatten().tolist()
        name = n.replace(".modules_to_save.default", "").replace(".default", "")
        if all(noise):
            names.append(name)
        elif any(noise):
            edges = [i for i in range(len(noise) + 1)
                     if (noise[i] if i < len(noise) else False) != (noise[i - 1] if i else False)]
            ranges[name] = [list(e) for e in zip(edges[::2], edges[1::2])]
    return names, ranges


def exported(model):
    """The tensors that PEFT saves; without PEFT those that train."""
    if isinstance(model, PeftModel):
        return {n: t.detach() for n, t in get_peft_model_state_dict(model, save_embedding_layers=False).items()}
    return {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}


def compare(what, single, double, skip=()):
    """Fails with Unstable where a number of one run is farther from the other's than the limit."""
    if isinstance(single, dict):
        for k, v in single.items():
            compare(f"{what} {k}", v, double[k], skip.get(k, ()) if isinstance(skip, dict) else ())
        return
    if isinstance(single, list) and single and isinstance(single[0], list):
        for a, b in zip(single, double):
            compare(what, a, b)
        return
    a, b = (torch.as_tensor(v, dtype=torch.float64).flatten() for v in (single, double))
    if a.shape != b.shape:
        raise Unstable(f"{what}: {tuple(a.shape)} and {tuple(b.shape)}")
    for start, end in skip:
        a[start:end] = b[start:end]
    if a.numel() and not (a - b).abs().max() < LIMIT:
        raise Unstable(f"{what}: {(a - b).abs().max():.1e}")


def free_of_shift(values):
    """Start and end logits less their mean: qa_outputs.bias has no gradient, because a softmax ignores a shift."""
    return {k: [[x - sum(v) / len(v) for x in v] for v in lists] if "start" in k or "end" in k else lists
            for k, lists in values.items()}


def check_tokens(single, double, golden, key):
    if single != double:
        raise Unstable(key)
    if single is not None:
        golden[key] = single
