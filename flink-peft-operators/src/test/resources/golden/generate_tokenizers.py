"""What AutoTokenizer makes of tokenizer.json and the files beside it: tokenizers.json.

transformers 5.18.0, tokenizers 0.22; python3 generate_tokenizers.py
"""
import json
import os
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

WORDS = "hello Hello world h\u00e9llo rain sun tree the of and a b c d e x y".split()
LINES = [" ".join(WORDS[(i * 7 + j * 3) % len(WORDS)] for j in range(9)) for i in range(40)]


def wordpiece():
    special = "[PAD] [UNK] [CLS] [SEP] [MASK]".split()
    t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(special + WORDS + ["\u96e8", "##ing", "##\u96e8"])}, unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    t.add_special_tokens(special)
    t.add_tokens(["<new>"])
    return t


def byte_bpe(end=False):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(LINES, trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False))
    if end:
        t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 2)])
    return t


def space_bpe():
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    t.train_from_iterator(["\u2581" + line.replace(" ", "\u2581") for line in LINES], trainers.BpeTrainer(
        vocab_size=90, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return t


def unigram(special, unk, normalizer=None):
    pieces = special + ["\u2581" + w for w in WORDS] + list("abcdefghijklmnopqrstuvwxyzH\u2581!")
    t = Tokenizer(models.Unigram([(p, 0.0 if p in special else -float(i) / 9) for i, p in enumerate(dict.fromkeys(pieces))], unk_id=unk))
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    if normalizer:
        t.normalizer = normalizer
    t.add_special_tokens(special)
    return t


BASES = {
    "wordpiece": wordpiece(),
    "byte-bpe": byte_bpe(),
    "byte-bpe-end": byte_bpe(end=True),
    "space-bpe": space_bpe(),
    "deberta": unigram("[PAD] [CLS] [SEP] [UNK] [MASK]".split(), 3),
    "xlm-r": unigram("<s> <pad> </s> <unk> <mask>".split(), 3),
    "t5": unigram("<pad> </s> <unk>".split(), 2),
}

ROBERTA = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
           "mask_token": {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "special": True}}
DECODER = {"5": {"content": "hello", "lstrip": True, "rstrip": False, "normalized": True, "single_word": True, "special": False},
           "900": {"content": "<extra>", "lstrip": False, "rstrip": True, "normalized": False, "single_word": False, "special": True}}


def token(content, **k):
    return {"content": content, "lstrip": False, "rstrip": False, "normalized": False, "single_word": False, **k}


CASES = [
    # base, model type, tokenizer_config.json (None: no file), other files
    ("wordpiece", "bert", None, {}),
    ("wordpiece", "bert", {"tokenizer_class": "BertTokenizer"}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "BertTokenizer", "do_lower_case": False}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "BertTokenizerFast", "do_lower_case": False, "strip_accents": True}, {}),
    ("wordpiece", "bert", {"do_lower_case": True, "strip_accents": False}, {}),
    ("wordpiece", "bert", {"tokenize_chinese_chars": False, "truncation_side": "left"}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": False}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "PreTrainedTokenizerFast", "model_input_names": ["input_ids", "token_type_ids"]}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "DistilBertTokenizer"}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "BertTokenizer", "model_input_names": ["input_ids", "attention_mask"]}, {}),
    ("wordpiece", "bert", {"additional_special_tokens": ["<extra>", "rain"]}, {}),
    ("wordpiece", "bert", {"extra_special_tokens": ["<extra>"], "additional_special_tokens": ["<lost>"]}, {}),
    ("wordpiece", "bert", {"added_tokens_decoder": DECODER}, {}),
    ("wordpiece", "bert", {"added_tokens_decoder": {}, "mask_token": "[MASK]"}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "PreTrainedTokenizerFast", "added_tokens_decoder": DECODER, "cls_token": "sun"}, {}),
    ("wordpiece", "bert", {"cls_token": "<s>", "sep_token": "sun"}, {}),
    ("wordpiece", "bert", {"image_token": "<extra>"}, {}),
    ("wordpiece", "bert", {}, {"special_tokens_map.json": {"mask_token": token("[MASK]", lstrip=True), "additional_special_tokens": ["<extra>"]}}),
    ("wordpiece", "bert", {}, {"added_tokens.json": {"<extra>": 26, "<more>": 30}}),
    ("wordpiece", "bert", {"split_special_tokens": False, "model_max_length": 6}, {}),
    ("wordpiece", "bert", {"split_special_tokens": True, "additional_special_tokens": ["<extra>", "rain"]}, {}),
    ("wordpiece", "bert", {"tokenizer_class": "PreTrainedTokenizerFast", "split_special_tokens": True, "added_tokens_decoder": DECODER}, {}),
    ("byte-bpe", "roberta", None, {}),
    ("byte-bpe", "roberta", {"tokenizer_class": "RobertaTokenizer", **ROBERTA}, {}),
    ("byte-bpe", "roberta", {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": True, **ROBERTA}, {}),
    ("byte-bpe", "roberta", {"add_prefix_space": True, "trim_offsets": False, "truncation_side": "left", **ROBERTA}, {}),
    ("byte-bpe-end", "roberta", {"tokenizer_class": "PreTrainedTokenizerFast", "add_prefix_space": True, **ROBERTA}, {}),
    ("byte-bpe", "bart", {"tokenizer_class": "BartTokenizer", "add_prefix_space": True}, {}),
    ("byte-bpe", "bart", {"tokenizer_class": "BartTokenizerFast", "cls_token": "<|endoftext|>"}, {}),
    ("byte-bpe", "gpt2", {"tokenizer_class": "GPT2Tokenizer"}, {}),
    ("byte-bpe", "gpt2", {"add_prefix_space": True, "add_bos_token": True, "pad_token": "<pad>"}, {}),
    ("byte-bpe-end", "gpt2", {"tokenizer_class": "GPT2TokenizerFast", "add_eos_token": True, "truncation_side": "left"}, {}),
    ("byte-bpe-end", "llama", {"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": True}, {}),
    ("byte-bpe-end", "llama", {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True}, {}),
    ("byte-bpe", "llama", None, {}),
    ("byte-bpe", "roberta", {"split_special_tokens": True, **ROBERTA}, {}),
    ("byte-bpe", "gpt2", {"split_special_tokens": True, "additional_special_tokens": ["<im>"]}, {}),
    ("space-bpe", "llama", {"tokenizer_class": "LlamaTokenizer", "split_special_tokens": True}, {}),
    ("t5", "t5", {"split_special_tokens": True, "extra_ids": 3}, {}),
    ("xlm-r", "xlm-roberta", {"split_special_tokens": True}, {}),
    ("deberta", "deberta-v2", {"split_special_tokens": True}, {}),
    ("space-bpe", "llama", {"tokenizer_class": "LlamaTokenizer"}, {}),
    ("space-bpe", "llama", {"tokenizer_class": "LlamaTokenizerFast", "legacy": True, "add_eos_token": True}, {}),
    ("space-bpe", "llama", {"tokenizer_class": "LlamaTokenizer", "legacy": None, "add_bos_token": False}, {}),
    ("space-bpe", "llama", {"tokenizer_class": "LlamaTokenizer", "add_prefix_space": False, "truncation_side": "left"}, {}),
    ("space-bpe", "llama", {"tokenizer_class": "PreTrainedTokenizerFast"}, {}),
    ("byte-bpe-end", "qwen2", {"tokenizer_class": "PreTrainedTokenizerFast"}, {}),
    ("byte-bpe-end", "qwen2", {"tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": True, "pad_token": "<pad>"}, {}),
    ("byte-bpe", "qwen2", {"tokenizer_class": "LlamaTokenizerFast", "eos_token": "</s>", "additional_special_tokens": ["<im>", "sun"]}, {}),
    ("byte-bpe-end", "qwen3", {"tokenizer_class": "PreTrainedTokenizerFast"}, {}),
    ("byte-bpe", "qwen3", {"tokenizer_class": "Qwen2Tokenizer", "add_bos_token": True, "bos_token": "<s>"}, {}),
    ("deberta", "deberta-v2", None, {}),
    ("deberta", "deberta-v2", {"tokenizer_class": "DebertaV2Tokenizer", "do_lower_case": True, "split_by_punct": True}, {}),
    ("deberta", "deberta-v2", {"add_prefix_space": False, "unk_id": 3, "truncation_side": "left"}, {}),
    ("deberta", "deberta-v2", {"tokenizer_class": "DebertaV2TokenizerFast", "unk_token": "[MASK]"}, {}),
    ("xlm-r", "xlm-roberta", {"tokenizer_class": "XLMRobertaTokenizer"}, {}),
    ("xlm-r", "xlm-roberta", {"add_prefix_space": False, **ROBERTA}, {}),
    ("xlm-r", "xlm-roberta", {"tokenizer_class": "PreTrainedTokenizerFast"}, {}),
    ("t5", "t5", None, {}),
    ("t5", "t5", {"tokenizer_class": "T5Tokenizer", "extra_ids": 3}, {}),
    ("t5", "t5", {"tokenizer_class": "T5TokenizerFast", "extra_ids": 0, "additional_special_tokens": ["<extra>"]}, {}),
    ("t5", "t5", {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>"}, {}),
]

TEXTS = [
    ("Hello world", None, 64), ("h\u00e9llo  H\u00c9LLO raining", None, 64), ("\u96e8rain \u96e8\u96e8!", None, 64), ("", None, 64),
    ("a b c d e x y a b c", None, 6), ("a b c d e", "x y", 8), ("x", "a b c d e x y", 8), ("a b c d e x", "y the of and a b", 9),
    ("hello [MASK] <mask>  rain </s> <extra> sunhello", None, 64), ("rain <extra_id_0><new>  <s> sun<|endoftext|>", "</s>x", 64),
    ("a\tb\n c\u00a0d ", None, 64), ("  lead, trail!  ", "", 64), ("\u0130x \U0001f642", None, 64), ("a b c d e", "x y a b c", 4),
    ("<im>sun [SEP]", None, 64), ("ignore [SEP] this </s> [MASK]", "<s>x<mask>[CLS]<pad> rain<|endoftext|>", 64),
]


def encodings(directory):
    t = AutoTokenizer.from_pretrained(directory)
    rows = []
    for text, pair, limit in TEXTS:
        e = t([text], None if pair is None else [pair], truncation=True, max_length=limit)
        types = e.get("token_type_ids", [[0] * len(e["input_ids"][0])])[0]
        rows.append([e["input_ids"][0], sum(types)])
    return rows, split(t), t.model_max_length if t.model_max_length < 2**31 else None


def split(t):
    """Tokens where special ones are no tokens of a text, and whether the vocabulary has special ones in it all the same."""
    model = json.loads(t.backend_tokenizer.to_str())["model"]
    unknown = model["unk_id"] if "unk_id" in model else t.convert_tokens_to_ids(model["unk_token"]) if model["unk_token"] else None
    special = {i for i, token in t.added_tokens_decoder.items() if token.special} - {unknown}
    rows = []
    for text, pair, limit in TEXTS:
        e = t([text], None if pair is None else [pair], truncation=True, max_length=limit, split_special_tokens=True)
        own = [i for i, around in zip(e["input_ids"][0], e.encodings[0].special_tokens_mask) if not around]
        leaks = any(t.convert_ids_to_tokens(s) in t.convert_ids_to_tokens(i) for s in special for i in own)
        rows.append([e["input_ids"][0], leaks])
    return sorted(special), rows


def main():
    golden = {"bases": {}, "texts": TEXTS, "cases": []}
    for name, base in BASES.items():
        golden["bases"][name] = json.loads(base.to_str())
    for base, model, config, files in CASES:
        with tempfile.TemporaryDirectory() as d:
            BASES[base].save(d + "/tokenizer.json")
            files = {**files, "config.json": {"model_type": model}}
            if config is not None:
                files["tokenizer_config.json"] = config
            for file, content in files.items():
                json.dump(content, open(f"{d}/{file}", "w"))
            rows, (special, split_rows), limit = encodings(d)
            golden["cases"].append(
                {"base": base, "files": files, "limit": limit, "encodings": rows, "special": special, "split": split_rows})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tokenizers.json"), "w") as out:
        json.dump(golden, out, ensure_ascii=True, separators=(",", ":"))


main()
