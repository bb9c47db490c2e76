"""What sentence-transformers makes of texts by several chains over tiny-bert-cls: sentences.json.

sentence-transformers 6.0.1, transformers 5.18.0, torch 2.13; python3 generate_sentences.py
"""
import base64
import json
import os
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch
from sentence_transformers import SentenceTransformer, models

HERE = os.path.dirname(os.path.abspath(__file__))
BERT = HERE + "/tiny-bert-cls"
TEXTS = ["Fresh bread with butter and salt.", "HEAVY RAIN from the west, then a clear sky", "x", "goal goal goal!"]


def dense(inputs, outputs, activation, bias=True):
    return models.Dense(inputs, outputs, bias=bias, activation_function=activation)


def chain(name, hidden):
    pool = lambda mode: models.Pooling(hidden, pooling_mode=mode)
    return {
        "mean": [pool("mean")],
        "cls": [pool("cls"), models.Normalize()],
        "sqrt": [pool("mean_sqrt_len_tokens"), models.Normalize()],
        "last": [pool("lasttoken"), models.Normalize()],
        "dense": [pool("cls"), dense(hidden, 7, torch.nn.Tanh()), models.Normalize()],
        "two": [pool("mean"), dense(hidden, 9, torch.nn.ReLU()), models.Normalize(), dense(9, 5, torch.nn.Identity(), bias=False)],
        "sigmoid": [pool("mean"), models.Normalize(), dense(hidden, 6, torch.nn.Sigmoid())],
    }[name]


def main():
    golden = {"texts": TEXTS, "chains": {}}
    for name in ["mean", "cls", "sqrt", "last", "dense", "two", "sigmoid"]:
        torch.manual_seed(5)
        transformer = models.Transformer(BERT)
        prompt = {"prompts": {"query": "query: "}, "default_prompt_name": "query"} if name == "two" else {}
        model = SentenceTransformer(
            modules=[transformer, *chain(name, transformer.get_word_embedding_dimension())], device="cpu", **prompt)
        with tempfile.TemporaryDirectory() as d:
            model.save(d)
            kept = {}
            for folder, _, names in os.walk(d):
                for file in names:
                    path = os.path.relpath(os.path.join(folder, file), d)
                    if "/" in path or path in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
                        kept[path] = base64.b64encode(open(os.path.join(d, path), "rb").read()).decode()
            vectors = SentenceTransformer(d, device="cpu").encode(TEXTS, normalize_embeddings=True)
        golden["chains"][name] = {"files": kept, "vectors": [[float(v) for v in row] for row in vectors]}
    json.dump(golden, open(HERE + "/sentences.json", "w"), separators=(",", ":"))


main()
