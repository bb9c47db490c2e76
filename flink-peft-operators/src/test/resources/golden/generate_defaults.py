# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes the layers that PEFT adapts if a configuration names none.

    pip install -r requirements.txt
    python generate_defaults.py defaults.json ../../../main/resources/io/flinkpeft/method/peft-defaults.json TYPE...

The first file has all that PEFT knows: "target_modules" (peft_type -> model_type -> names) and "feedforward_modules"
(model_type -> names, of IA3). The second one is the product's: the same for the model types TYPE, those that
Architectures.java lists. PeftDefaultsTest compares both.
"""

import json
import sys

import peft
from peft.utils import constants

TARGETS = {
    "ADALORA": constants.TRANSFORMERS_MODELS_TO_ADALORA_TARGET_MODULES_MAPPING,
    "IA3": constants.TRANSFORMERS_MODELS_TO_IA3_TARGET_MODULES_MAPPING,
    "LORA": constants.TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING,
}
FEEDFORWARD = constants.TRANSFORMERS_MODELS_TO_IA3_FEEDFORWARD_MODULES_MAPPING


def table(mapping, types):
    lines = [f"    {json.dumps(t)}: {json.dumps(list(mapping[t]))}" for t in sorted(mapping) if t in types]
    return "{\n" + ",\n".join(lines) + "\n  }"


def write(path, types):
    targets = ",\n  ".join(f"{json.dumps(method)}: {table(TARGETS[method], types)}" for method in sorted(TARGETS))
    with open(path, "w") as file:
        file.write('{"versions": "peft %s",\n"target_modules": {\n  %s\n},\n"feedforward_modules": %s}\n'
                   % (peft.__version__, targets, table(FEEDFORWARD, types)))


known = set(FEEDFORWARD).union(*TARGETS.values())
write(sys.argv[1], known)
write(sys.argv[2], sys.argv[3:])
