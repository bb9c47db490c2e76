"""What transformers makes of texts with special tokens written in them, by the models of the grid: special_tokens.json.

transformers 5.18.0, torch 2.13; python3 generate_special_tokens.py
"""
import json
import os

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = ["bert", "roberta", "deberta-v2", "gpt2-cls", "llama-cls", "qwen2-cls", "qwen3-cls", "bart-cls", "t5-cls"]
TEXTS = ["the rain {} is here", "{} the rain", "the rain is here {}", "the {}{} rain {}", "{}"]


def logits(model, tokenizer, text):
    with torch.no_grad():
        return [float(x) for x in model(**tokenizer(text, return_tensors="pt")).logits[0]]


def main():
    golden = {}
    for name in MODELS:
        path = f"{HERE}/grid/{name}/model"
        tokenizer = AutoTokenizer.from_pretrained(path)
        model = AutoModelForSequenceClassification.from_pretrained(path).eval()
        pad = model.config.pad_token_id
        tokens = set(tokenizer.all_special_tokens)
        if pad is not None and pad < len(tokenizer):
            tokens.add(tokenizer.convert_ids_to_tokens(pad))
        texts = [text.replace("{}", token) for token in sorted(tokens) for text in TEXTS]
        golden[name] = [{"text": text, "logits": logits(model, tokenizer, text)} for text in texts]
    with open(HERE + "/special_tokens.json", "w") as out:
        json.dump(golden, out, indent=0)


main()
