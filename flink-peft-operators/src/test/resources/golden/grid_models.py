# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""The tiny models and tokenizers of the golden grid."""

import json
import math
import re
from collections import Counter

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import (
    BartConfig, BartForConditionalGeneration, BartForQuestionAnswering, BartForSequenceClassification, BartTokenizer,
    BertConfig, BertForMaskedLM, BertForQuestionAnswering, BertForSequenceClassification, BertForTokenClassification,
    BertTokenizer, DebertaV2Config, DebertaV2ForMaskedLM, DebertaV2ForQuestionAnswering,
    DebertaV2ForSequenceClassification, DebertaV2ForTokenClassification, DebertaV2Tokenizer, GenerationConfig,
    GPT2Config, GPT2ForQuestionAnswering, GPT2ForSequenceClassification, GPT2ForTokenClassification, GPT2LMHeadModel,
    GPT2Tokenizer, LlamaConfig, LlamaForCausalLM, LlamaForQuestionAnswering, LlamaForSequenceClassification,
    LlamaForTokenClassification, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, Qwen2ForQuestionAnswering,
    Qwen2ForSequenceClassification, Qwen2ForTokenClassification, Qwen2Tokenizer, Qwen3Config, Qwen3ForCausalLM,
    Qwen3ForQuestionAnswering, Qwen3ForSequenceClassification, Qwen3ForTokenClassification, RobertaConfig,
    RobertaForMaskedLM, RobertaForQuestionAnswering, RobertaForSequenceClassification, RobertaForTokenClassification,
    RobertaTokenizer, T5Config, T5ForConditionalGeneration, T5ForQuestionAnswering, T5ForSequenceClassification,
    T5ForTokenClassification, T5Tokenizer)

from grid_texts import LABELS, TAGS, corpus

VOCABULARY = 104
TASKS = {
    "bert": "SEQ_CLS", "roberta": "SEQ_CLS", "gpt2": "CAUSAL_LM", "llama": "CAUSAL_LM", "t5": "SEQ_2_SEQ_LM",
    "deberta-v2": "SEQ_CLS", "bart": "SEQ_2_SEQ_LM", "qwen2": "CAUSAL_LM", "qwen3": "CAUSAL_LM",
    "t5-gated": "SEQ_2_SEQ_LM", "bert-token": "TOKEN_CLS", "roberta-token": "TOKEN_CLS",
    "deberta-v2-token": "TOKEN_CLS", "bert-qa": "QUESTION_ANS", "roberta-qa": "QUESTION_ANS",
    "deberta-v2-qa": "QUESTION_ANS", "bert-mlm": "MASKED_LM", "roberta-mlm": "MASKED_LM",
    "deberta-v2-mlm": "MASKED_LM", "gpt2-cls": "SEQ_CLS", "llama-cls": "SEQ_CLS", "qwen2-cls": "SEQ_CLS",
    "qwen3-cls": "SEQ_CLS", "bart-cls": "SEQ_CLS", "t5-cls": "SEQ_CLS"}
# what the outputs of a classifier are called that are no labels that exclude each other, and its problem_type
OUTPUTS = {"bert-regression": ["stars"], "gpt2-regression": ["stars", "warmth"], "bert-labels": LABELS,
           "gpt2-labels": LABELS}
PROBLEMS = {"bert-regression": "regression", "gpt2-regression": "regression",
            "bert-labels": "multi_label_classification", "gpt2-labels": "multi_label_classification"}
TASKS |= {arch: "SEQ_CLS" for arch in OUTPUTS}
TASKS |= {f"{arch}-token": "TOKEN_CLS" for arch in ("gpt2", "llama", "qwen2", "qwen3", "t5")}
TASKS |= {f"{arch}-qa": "QUESTION_ANS" for arch in ("gpt2", "llama", "qwen2", "qwen3", "bart", "t5")}
CLASSES = {
    "bert": BertForSequenceClassification, "bert-token": BertForTokenClassification,
    "bert-qa": BertForQuestionAnswering, "bert-mlm": BertForMaskedLM, "roberta": RobertaForSequenceClassification,
    "deberta-v2": DebertaV2ForSequenceClassification, "gpt2": GPT2LMHeadModel, "llama": LlamaForCausalLM,
    "qwen2": Qwen2ForCausalLM, "qwen3": Qwen3ForCausalLM, "t5": T5ForConditionalGeneration,
    "t5-gated": T5ForConditionalGeneration, "bart": BartForConditionalGeneration,
    "roberta-token": RobertaForTokenClassification, "deberta-v2-token": DebertaV2ForTokenClassification,
    "roberta-qa": RobertaForQuestionAnswering, "deberta-v2-qa": DebertaV2ForQuestionAnswering,
    "roberta-mlm": RobertaForMaskedLM, "deberta-v2-mlm": DebertaV2ForMaskedLM,
    "gpt2-cls": GPT2ForSequenceClassification, "llama-cls": LlamaForSequenceClassification,
    "qwen2-cls": Qwen2ForSequenceClassification, "qwen3-cls": Qwen3ForSequenceClassification,
    "bart-cls": BartForSequenceClassification, "t5-cls": T5ForSequenceClassification,
    "gpt2-token": GPT2ForTokenClassification, "llama-token": LlamaForTokenClassification,
    "qwen2-token": Qwen2ForTokenClassification, "qwen3-token": Qwen3ForTokenClassification,
    "t5-token": T5ForTokenClassification, "gpt2-qa": GPT2ForQuestionAnswering, "llama-qa": LlamaForQuestionAnswering,
    "qwen2-qa": Qwen2ForQuestionAnswering, "qwen3-qa": Qwen3ForQuestionAnswering, "bart-qa": BartForQuestionAnswering,
    "t5-qa": T5ForQuestionAnswering, "bert-regression": BertForSequenceClassification,
    "gpt2-regression": GPT2ForSequenceClassification, "bert-labels": BertForSequenceClassification,
    "gpt2-labels": GPT2ForSequenceClassification}
WORDS = """the a and of in on it is was to from no not hot cold won rice fog runner rain goal bread team coast fish
storm sour match""".split()
LLAMA3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 4.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 64}


def wordpiece():
    letters = sorted(set("".join(corpus()).lower()) - {" "})
    pieces = ["##" + c for c in letters if c.isalpha()] + ["##s", "##er", "##t"]
    vocabulary = list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *pieces, *WORDS]))
    return BertTokenizer(vocab={t: i for i, t in enumerate(vocabulary)})


def byte_pairs(first, last):
    """Vocabulary and merges over the bytes of the corpus, with special tokens before and after."""
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    size = VOCABULARY - len(first) - len(last)
    tok.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=size, show_progress=False))
    model = json.loads(tok.to_str())["model"]
    tokens = first + sorted(model["vocab"], key=model["vocab"].get) + last
    return {t: i for i, t in enumerate(tokens)}, [tuple(m) for m in model["merges"]]


def unigrams(special):
    """Every character and the substrings that save most; the library's own trainer does not repeat itself."""
    counts = Counter()
    for word in ("▁" + w for text in corpus() for w in text.split(" ")):
        counts.update(word[i:j] for i in range(len(word)) for j in range(i + 1, min(i + 6, len(word)) + 1))
    order = sorted(counts, key=lambda piece: (len(piece) > 1, -counts[piece] * (len(piece) - 1), piece))
    kept = order[:VOCABULARY - len(special)]
    total = sum(counts[piece] for piece in kept)
    return [(t, 0.0) for t in special] + [(t, round(math.log(counts[t] / total), 6)) for t in kept]


def llama3_tokenizer():
    """Begin of text before a text, as Llama 3 has it; nothing behind."""
    begin, end = "<|begin_of_text|>", "<|end_of_text|>"
    vocabulary, merges = byte_pairs([], [begin, end])
    tok = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=True))
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tok.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A", pair=f"{begin} $A {begin}:1 $B:1", special_tokens=[(begin, vocabulary[begin])])
    tok.add_special_tokens([begin, end])
    return PreTrainedTokenizerFast(tokenizer_object=tok, bos_token=begin, eos_token=end)


def family(arch):
    """The architecture without its task."""
    return re.sub("-(token|qa|mlm|cls|regression|labels)$", "", arch)


def tokenizer(arch):
    arch = family(arch)
    if arch == "bert":
        return wordpiece()
    if arch in ("roberta", "bart"):
        vocabulary, merges = byte_pairs(["<s>", "<pad>", "</s>", "<unk>"], ["<mask>"])
        return (RobertaTokenizer if arch == "roberta" else BartTokenizer)(vocab=vocabulary, merges=merges)
    if arch == "gpt2":
        return GPT2Tokenizer(*byte_pairs([], ["<|endoftext|>"]))
    if arch in ("qwen2", "qwen3"):
        return Qwen2Tokenizer(*byte_pairs([], ["<|endoftext|>"]))
    if arch == "llama":
        return llama3_tokenizer()
    if arch == "deberta-v2":
        return DebertaV2Tokenizer(vocab=unigrams(["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]), unk_id=3)
    return T5Tokenizer(vocab=unigrams(["<pad>", "</s>", "<unk>"]), extra_ids=0)


def config(arch, tok):
    size = len(tok)
    encoder = dict(vocab_size=size, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4)
    decoder = encoder | dict(num_key_value_heads=2, max_position_embeddings=256, bos_token_id=tok.bos_token_id,
                             eos_token_id=tok.eos_token_id)
    names = OUTPUTS.get(arch, LABELS)
    classes = dict(id2label=dict(enumerate(names)), label2id={t: i for i, t in enumerate(names)})
    classes |= dict(problem_type=PROBLEMS[arch]) if arch in PROBLEMS else {}
    tags = dict(id2label=dict(enumerate(TAGS)), label2id={t: i for i, t in enumerate(TAGS)})
    t5 = dict(vocab_size=size, d_model=16, d_kv=4, d_ff=32, num_heads=4, relative_attention_num_buckets=8,
              relative_attention_max_distance=20, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    classes = {"SEQ_CLS": classes, "TOKEN_CLS": tags}.get(TASKS[arch], {})
    # classification by a decoder asks for the padding's number
    decoder |= classes | (dict(pad_token_id=tok.eos_token_id) if TASKS[arch] == "SEQ_CLS" else {})
    return {
        "bert": lambda: BertConfig(**encoder, **classes, max_position_embeddings=64),
        "roberta": lambda: RobertaConfig(**encoder, **classes, max_position_embeddings=66, type_vocab_size=1,
                                         layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2),
        "deberta-v2": lambda: DebertaV2Config(
            **encoder, **classes, max_position_embeddings=64, type_vocab_size=0, relative_attention=True,
            position_buckets=8, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type="p2c|c2p",
            max_relative_positions=-1, position_biased_input=False, pad_token_id=0, layer_norm_eps=1e-7),
        "gpt2": lambda: GPT2Config(vocab_size=size, n_embd=16, n_layer=2, n_head=4, n_positions=64,
                                   bos_token_id=size - 1, eos_token_id=size - 1, **classes,
                                   **(dict(pad_token_id=size - 1) if classes else {})),
        "llama": lambda: LlamaConfig(**decoder | dict(hidden_size=32, intermediate_size=40), rope_parameters=LLAMA3,
                                     rms_norm_eps=1e-5, tie_word_embeddings=False),
        "qwen2": lambda: Qwen2Config(**decoder, tie_word_embeddings=True,
                                     rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}),
        "qwen3": lambda: Qwen3Config(**decoder, head_dim=8, tie_word_embeddings=False,
                                     rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}),
        "t5": lambda: T5Config(**t5, **classes, num_layers=2, feed_forward_proj="relu"),
        "t5-gated": lambda: T5Config(**t5, num_layers=3, feed_forward_proj="gated-gelu", tie_word_embeddings=False),
        "bart": lambda: BartConfig(
            vocab_size=size, d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
            decoder_attention_heads=4, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=64,
            pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, forced_bos_token_id=0,
            forced_eos_token_id=2, **classes),
    }[arch if arch == "t5-gated" else family(arch)]()


def randomize(model, generator):
    """No bias is zero, no norm the identity, and weights are large enough that every tensor is noticed."""
    draw = lambda p: torch.randn(p.shape, generator=generator)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if name.endswith("bias"):
                p.copy_(0.1 * draw(p))
            elif p.dim() == 1:
                p.copy_(1 + 0.2 * draw(p))
            else:
                p.copy_(spread(model, name) * draw(p))
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.copy_(0.3 * draw(model.final_logits_bias))


def spread(model, name):
    """T5 does not divide attention scores by a root, and its values before a tied head by that of the width."""
    if model.config.model_type != "t5":
        return 0.3
    if name.endswith(".q.weight"):
        return 0.15
    if model.config.scale_decoder_outputs and name.endswith((".v.weight", ".o.weight", ".wo.weight")):
        return 1.0
    return 0.7 if name == "shared.weight" else 0.3


def generation(arch, model):
    """What generation_config.json of a real checkpoint of the architecture says, without sampling."""
    c = model.config
    ids = {k: getattr(c, k, None) for k in ("bos_token_id", "eos_token_id", "pad_token_id")}
    if arch == "bart":
        ids |= dict(decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2)
    elif arch.startswith("t5"):
        ids |= dict(decoder_start_token_id=0)
    return GenerationConfig(**{k: v for k, v in ids.items() if v is not None})


def write_model(arch, directory, seed):
    tok = tokenizer(arch)
    tok.save_pretrained(str(directory))
    model = CLASSES[arch](config(arch, tok)).eval()
    if arch == "t5-gated":  # transformers 5 builds it tied; checkpoints of v1.1 are not
        model.lm_head.weight = torch.nn.Parameter(torch.zeros_like(model.lm_head.weight))
    randomize(model, torch.Generator().manual_seed(seed))
    if TASKS[arch] in ("CAUSAL_LM", "SEQ_2_SEQ_LM"):
        model.generation_config = generation(arch, model)
    model.save_pretrained(str(directory))
    if arch == "t5-gated":
        untie(model, directory)


def untie(model, directory):
    names = [n for n in model.state_dict() if not n.endswith("embed_tokens.weight")]
    save_file({n: model.state_dict()[n] for n in names}, str(directory / "model.safetensors"), {"format": "pt"})
    path = directory / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tie_word_embeddings": False}, indent=2) + "\n")


def load_model(arch, directory):
    model = CLASSES[arch].from_pretrained(str(directory)).eval()
    if model.dtype != torch.float32:
        raise ValueError(f"Model ({arch}) must be float32.")
    return model
