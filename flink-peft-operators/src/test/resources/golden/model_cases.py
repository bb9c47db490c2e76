# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""How the files of the grid's models are changed: config.json by `config` and `without`, tensors by `tensors`, in order."""


def case(name, model, kind, *tensors, without=(), **config):
    return dict(name=name, model=model, kind=kind, tensors=list(tensors), without=list(without), config=config)


ONE = dict(id2label={"0": "stars"}, label2id={"stars": 0})

PROBLEM_TYPES = [
    case("single label", "bert", "scores", problem_type="single_label_classification"),
    case("multi label", "bert", "scores", problem_type="multi_label_classification"),
    case("regression", "bert", "scores", problem_type="regression"),
    case("multi label, two layers", "roberta", "scores", problem_type="multi_label_classification"),
    case("regression of a decoder", "gpt2-cls", "scores", problem_type="regression"),
    case("multi label of an encoder-decoder", "bart-cls", "scores", problem_type="multi_label_classification"),
    case("one output", "gpt2-cls", "scores", ["rows", "score.weight", 1], **ONE),
    case("one output, regression", "llama-cls", "scores", ["rows", "score.weight", 1], problem_type="regression", **ONE),
    case("one output of many labels", "bert", "scores", ["rows", "classifier.weight", 1], ["rows", "classifier.bias", 1],
         problem_type="multi_label_classification", **ONE),
]

CASES = PROBLEM_TYPES
