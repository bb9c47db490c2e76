# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Writes the golden files of BERT and LoRA: a tiny seeded model, adapters before and after training, and
what transformers and PEFT compute with them.

    pip install -r requirements.txt
    OMP_NUM_THREADS=1 python generate_bert_lora.py OUTPUT_DIR

Made with Python 3.11, torch 2.13.0+cpu, transformers 5.18.0, peft 0.21.0, tokenizers 0.23.2, safetensors 0.8.0.

    tiny-bert-cls/               Hugging Face directory of a random BertForSequenceClassification
      golden.json                evaluation sentences, token ids, segment ids, logits (fp32, and of a float64 twin)
      golden.safetensors         the same padded, with last_hidden_state and the pooler's output
    train.jsonl                  48 labelled lines
    lora-NAME/
      init/                      PEFT directory of the adapter before training (B is not zero)
      trained/                   PEFT directory after 12 steps of AdamW on train.jsonl, in file order, batches of 4
      golden.json                settings, losses and logits before and after; fp32 and float64
    feature-extraction/
      all-linear/                PEFT directory, task FEATURE_EXTRACTION, on AutoModel; wraps the pooler too
      encoder-linear/            the same without the pooler
      NAME.safetensors           last hidden states and mean pooled features of the evaluation sentences
      golden.json                settings, names of the files' tensors, features

Every result is computed twice, in fp32 and in float64 from the same fp32 tensors; the script fails where they
differ by 1e-4 or more (then choose another seed: an AdamW step of a gradient near zero can go either way).
"""

import argparse
import json
import random
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, BertConfig, BertForSequenceClassification

SEED = 20240917
LABELS = ["food", "weather", "sport"]
TRAINING = {"optimizer": "AdamW", "learning_rate": 5e-3, "weight_decay": 0.01, "betas": [0.9, 0.999], "eps": 1e-8,
            "batch_size": 4, "steps": 12, "shuffle": False, "dropout": False, "clip": None}
TOLERANCE = 1e-4

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
PUNCTUATION = list(".,;:!?'\"-()/&%$+")
PIECES = ["##s", "##es", "##ed", "##ing", "##er", "##est", "##ly", "##y", "##th", "##in", "##on", "##al", "##ment"]
WORDS = """
the a an and or of to in on at for with from by is are was were be it this that we they he she you i not no
very too so but as than then after before all more most some every last first next new old good bad big small
today tomorrow yesterday morning evening night day week hour team
bread cheese soup rice fish apple lemon sugar salt butter pepper onion bake cook fry boil eat taste sweet sour
fresh hot oven kitchen dinner lunch recipe plate sauce
rain snow wind storm cloud sun fog frost ice thunder warm cold wet dry sky temperature degree forecast coast
north south east west heavy light clear air
goal match player coach ball race run win lose score game season league final runner swim jump club cup
fast slow strong field half point track record
""".split()

FOOD = ["{adj} {thing} with {other} for {meal}", "cook the {thing} and add some {other}", "the {thing} was too {adj}",
        "bake it in a hot oven, then eat it with {other}!", "a recipe for {adj} {thing} and {other} sauce",
        "{meal} is {thing}, {other} and more {thing}"]
WEATHER = ["{adj} {thing} on the {side} coast {time}", "the forecast for {time} is {thing} and {other}",
           "{thing} from the {side}, then a clear and {adj} sky", "it was {adj}, with {other} at {temp} degrees",
           "heavy {thing} {time}; not so much {other} in the {side}", "temperature falls to {temp}: {thing}"]
SPORT = ["the {thing} of the {adj} {other} was {result} today", "a {adj} {thing} and the club wins {score}",
         "{score} after the first half, and the {thing} was {result}", "the coach and every {thing} of the {other}",
         "they lose the {other} {score} at the last point", "run, jump, swim: a {adj} season for the {thing}"]
SLOTS = {
    "food": {"adj": ["sweet", "sour", "fresh", "salty"], "thing": ["bread", "soup", "fish", "rice", "cheese"],
             "other": ["lemon", "butter", "onions", "pepper"], "meal": ["dinner", "lunch"]},
    "weather": {"adj": ["warm", "cold", "wet", "dry"], "thing": ["rain", "snow", "wind", "fog", "thunder"],
                "other": ["frost", "clouds", "sun", "ice"], "side": ["north", "south", "east", "west"],
                "time": ["tomorrow", "tonight", "this week"], "temp": ["3", "12", "27"]},
    "sport": {"adj": ["fast", "slow", "strong", "new"], "thing": ["runner", "player", "goal", "team"],
              "other": ["match", "final", "race", "league"], "score": ["2-1", "3 to 0", "4:4"],
              "result": ["bad", "the best", "a record"]},
}
EVALUATION = [
    ("Fresh bread with butter and salt.", None),
    ("", None),
    ("Snow", None),
    ("The coach of the team was not so slow, and they win the match 3-1 at the last point.", None),
    ("heavy rain from the west; then a clear and cold sky tomorrow night (2 degrees)", None),
    ("Crème brûlée, SWEET & sour?", None),
    ("I cook fish.", "You eat it with lemon and pepper sauce."),
    ("Is this a storm?", "No"),
    ("The first half of the season", ""),
    ("unbelievably zigzagging", None),
    ("a 雪 day", None),
    ("The runner was fast, the ball was wet, the fog was on the field, but after an hour of rain and wind we "
     "eat hot soup and rice in the kitchen and score it: good!", None),
]
LORAS = {
    "lora-qv": dict(r=4, lora_alpha=8, target_modules=["query", "value"]),
    "lora-all-rslora": dict(r=3, lora_alpha=6, target_modules="all-linear", use_rslora=True, bias="none",
                            rank_pattern={"encoder.layer.1.intermediate.dense": 5},
                            alpha_pattern={"encoder.layer.1.intermediate.dense": 10}),
    "lora-regex": dict(r=2, lora_alpha=4,
                       target_modules=r".*\.layer\.(0\.attention\.self\.key|1\.(attention\.)?output\.dense)"),
}
FEATURES = {
    "all-linear": "all-linear",
    "encoder-linear": ["query", "key", "value", "intermediate.dense", "output.dense"],
}


def tokenizer():
    letters = list(LETTERS) + ["##" + c for c in LETTERS]
    vocabulary = list(dict.fromkeys(SPECIAL + PUNCTUATION + letters + PIECES + WORDS))
    result = Tokenizer(models.WordPiece({t: i for i, t in enumerate(vocabulary)}, unk_token="[UNK]"))
    result.normalizer = normalizers.BertNormalizer(lowercase=True)
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    result.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(t, vocabulary.index(t)) for t in ("[CLS]", "[SEP]")])
    result.decoder = decoders.WordPiece(prefix="##")
    result.add_special_tokens(SPECIAL)
    return result


def tiny_bert(vocabulary_size):
    """Random weights large enough that logits differ; no bias is zero and no norm is the identity."""
    torch.manual_seed(SEED)
    model = BertForSequenceClassification(BertConfig(
        vocab_size=vocabulary_size, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=64, type_vocab_size=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        layer_norm_eps=1e-12, initializer_range=0.2, pad_token_id=0,
        id2label=dict(enumerate(LABELS)), label2id={t: i for i, t in enumerate(LABELS)}))
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.endswith("LayerNorm.weight"):
                p.copy_(1 + 0.2 * torch.randn_like(p))
            elif name.endswith("bias"):
                p.copy_(0.1 * torch.randn_like(p))
        model.classifier.weight.mul_(2)
    return model.eval()


def training_lines():
    rng = random.Random(SEED)
    templates = {"food": FOOD, "weather": WEATHER, "sport": SPORT}
    lines = []
    for i in range(48):
        label = LABELS[i % 3] if i % 4 else rng.choice(LABELS)
        text = templates[label][(i // 3) % 6].format(**{k: rng.choice(v) for k, v in SLOTS[label].items()})
        lines.append({"text": text[0].upper() + text[1:] + rng.choice([".", "", "!"]), "label": label})
    return lines


def batch(tok, texts):
    """Ids padded with 0 to the longest, as transformers does."""
    encodings = [tok.encode(a, b) if b is not None else tok.encode(a) for a, b in texts]
    longest = max(len(e.ids) for e in encodings)
    pad = lambda rows: torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    return {"input_ids": pad([e.ids for e in encodings]),
            "attention_mask": pad([e.attention_mask for e in encodings]),
            "token_type_ids": pad([e.type_ids for e in encodings])}


def evaluate(model, inputs):
    with torch.no_grad():
        return model(**inputs).logits


def train(model, tok, lines):
    """Returns the losses of the steps."""
    t = TRAINING
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=t["learning_rate"],
                                  betas=tuple(t["betas"]), eps=t["eps"], weight_decay=t["weight_decay"])
    model.eval()
    losses = []
    for start in range(0, t["batch_size"] * t["steps"], t["batch_size"]):
        chunk = lines[start:start + t["batch_size"]]
        labels = torch.tensor([LABELS.index(line["label"]) for line in chunk])
        loss = model(**batch(tok, [(line["text"], None) for line in chunk]), labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def check(what, single, double):
    worst = max(abs(a - b) for a, b in zip(torch.as_tensor(single, dtype=torch.float64).flatten().tolist(),
                                           torch.as_tensor(double, dtype=torch.float64).flatten().tolist()))
    print(f"{what}: fp32 and float64 differ by {worst:.1e}")
    if not worst < TOLERANCE:
        raise SystemExit(f"{what} differs by {worst}, must be less than {TOLERANCE}: choose another SEED")


def write_json(path, value):
    """One line an entry, so that a difference can be read."""
    def entry(v):
        if isinstance(v, list) and v and isinstance(v[0], (dict, list)):
            return "[\n    " + ",\n    ".join(json.dumps(e, ensure_ascii=False) for e in v) + "\n  ]"
        return json.dumps(v, ensure_ascii=False)
    body = ",\n".join(f"  {json.dumps(k)}: {entry(v)}" for k, v in value.items())
    path.write_text("{\n" + body + "\n}\n", encoding="utf-8")


def save_adapter(model, directory, base_name):
    """save_pretrained without the model card; lists sorted, because PEFT keeps them as sets."""
    model.peft_config["default"].base_model_name_or_path = base_name
    model.save_pretrained(str(directory), save_embedding_layers=False)
    (directory / "README.md").unlink(missing_ok=True)
    path = directory / "adapter_config.json"
    config = {k: sorted(v) if k == "target_modules" and isinstance(v, list) else v
              for k, v in json.loads(path.read_text()).items()}
    path.write_text(json.dumps(config, indent=2, sort_keys=True))


def randomize_b(model):
    """A trained adapter's look: with B zero the initial adapter would change nothing."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_B" in name:
                p.normal_(0.0, 0.1)


def write_base(out, tok):
    directory = out / "tiny-bert-cls"
    model = tiny_bert(tok.get_vocab_size())
    model.save_pretrained(str(directory))
    tok.save(str(directory / "tokenizer.json"))
    inputs = batch(tok, EVALUATION)
    with torch.no_grad():
        hidden = model.bert(**inputs)
    logits, double = evaluate(model, inputs), evaluate(model.double(), inputs)
    check("tiny-bert-cls logits", logits, double)
    save_file({**inputs, "logits": logits, "logits_float64": double, "pooler_output": hidden.pooler_output,
               "last_hidden_state": hidden.last_hidden_state}, str(directory / "golden.safetensors"))
    encodings = [tok.encode(a, b) if b is not None else tok.encode(a) for a, b in EVALUATION]
    write_json(directory / "golden.json", {
        "labels": LABELS,
        "sentences": [{"text": a, "text_pair": b, "tokens": e.tokens, "input_ids": e.ids, "token_type_ids": e.type_ids}
                      for (a, b), e in zip(EVALUATION, encodings)],
        "logits": logits.tolist(), "logits_float64": double.tolist()})


def load_base(out):
    return BertForSequenceClassification.from_pretrained(str(out / "tiny-bert-cls")).eval()


def write_lora(out, tok, lines, name):
    directory, inputs = out / name, batch(tok, EVALUATION)
    torch.manual_seed(SEED + list(LORAS).index(name))
    model = get_peft_model(load_base(out), LoraConfig(task_type=TaskType.SEQ_CLS, lora_dropout=0.0, **LORAS[name]))
    randomize_b(model)
    model.eval()
    save_adapter(model, directory / "init", "tiny-bert-cls")
    twin = PeftModel.from_pretrained(load_base(out), str(directory / "init"), is_trainable=True).double().eval()

    before = evaluate(model, inputs), evaluate(twin, inputs)
    losses = train(model, tok, lines), train(twin, tok, lines)
    after = evaluate(model, inputs), evaluate(twin, inputs)
    for what, pair in (("logits before", before), ("losses", losses), ("logits after", after)):
        check(f"{name} {what}", *pair)
    save_adapter(model, directory / "trained", "tiny-bert-cls")
    write_json(directory / "golden.json", {
        "training": TRAINING, "losses": losses[0], "losses_float64": losses[1],
        "logits_before": before[0].tolist(), "logits_before_float64": before[1].tolist(),
        "logits_after": after[0].tolist(), "logits_after_float64": after[1].tolist()})


def features(model, inputs):
    with torch.no_grad():
        hidden = model(**inputs).last_hidden_state
    mask = inputs["attention_mask"].unsqueeze(-1).to(hidden.dtype)
    return hidden, (hidden * mask).sum(1) / mask.sum(1)


def write_features(out, tok):
    directory, inputs = out / "feature-extraction", batch(tok, EVALUATION)
    golden = {"base": "tiny-bert-cls", "pooling": "mean over the tokens of the attention mask, special tokens included"}
    for i, (name, targets) in enumerate(FEATURES.items()):
        torch.manual_seed(SEED + 100 + i)
        base = AutoModel.from_pretrained(str(out / "tiny-bert-cls"))
        model = get_peft_model(base, LoraConfig(task_type=TaskType.FEATURE_EXTRACTION, r=4, lora_alpha=8,
                                                lora_dropout=0.0, target_modules=targets))
        randomize_b(model)
        save_adapter(model.eval(), directory / name, "tiny-bert-cls")
        hidden, pooled = features(model, inputs)
        hidden64, pooled64 = features(model.double(), inputs)
        check(f"feature-extraction {name} hidden", hidden, hidden64)
        save_file({**inputs, "last_hidden_state": hidden, "mean_pooled": pooled, "mean_pooled_float64": pooled64},
                  str(directory / f"{name}.safetensors"))
        golden[f"{name}_tensors"] = sorted(load_file(str(directory / name / "adapter_model.safetensors")))
        golden[f"{name}_mean_pooled"] = pooled.tolist()
    write_json(directory / "golden.json", golden)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("output", type=Path)
    out = parser.parse_args().output
    torch.set_num_threads(1)
    for name in ["tiny-bert-cls", "feature-extraction", *LORAS]:
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    tok, lines = tokenizer(), training_lines()
    (out / "train.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    write_base(out, tok)
    for name in LORAS:
        write_lora(out, tok, lines, name)
    write_features(out, tok)
    for path in out.rglob("*.safetensors"):
        path.chmod(0o644)


if __name__ == "__main__":
    main()
