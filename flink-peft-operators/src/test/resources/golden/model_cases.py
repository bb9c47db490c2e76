# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""How the files of the grid's models are changed: config.json by `config` and `without`, tensors by `tensors`, in order."""

import json


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

GAMMA = ["rename", "LayerNorm\\.weight$", "LayerNorm.gamma"], ["rename", "LayerNorm\\.bias$", "LayerNorm.beta"]
NAMES = [
    case("gamma and beta, bert", "bert", "scores", *GAMMA),
    case("gamma and beta, roberta", "roberta", "scores", *GAMMA),
    case("gamma and beta, deberta", "deberta-v2", "scores", *GAMMA),
    case("gamma and beta at a mask", "bert-mlm", "mask", *GAMMA),
    case("gamma alone", "bert", "scores", GAMMA[0]),
    case("without a prefix, bert", "bert", "scores", ["rename", "^bert\\.", ""]),
    case("without a prefix, roberta", "roberta", "scores", ["rename", "^roberta\\.", ""], *GAMMA),
    case("without a prefix, deberta", "deberta-v2", "scores", ["rename", "^deberta\\.", ""]),
    case("without a prefix, gpt2", "gpt2", "losses", ["rename", "^transformer\\.", ""]),
    case("without a prefix, llama", "llama", "losses", ["rename", "^model\\.", ""]),
    case("without a prefix, bart", "bart", "target_losses", ["rename", "^model\\.", ""]),
    case("with a prefix, the head too", "bert", "scores", ["rename", "^classifier", "bert.classifier"]),
    case("buffers of old files, gpt2", "gpt2", "losses", ["wave", "transformer.h.0.attn.bias", [1, 1, 4, 4], 1.0],
         ["wave", "transformer.h.0.attn.masked_bias", [1], 1.0]),
    case("buffers of old files, llama", "llama", "losses",
         ["wave", "model.layers.0.self_attn.rotary_emb.inv_freq", [4], 1.0]),
    case("buffers of old files, bert", "bert", "scores", ["wave", "bert.embeddings.position_ids", [1, 64], 1.0]),
]

WORDS = {"gpt2": "transformer.wte.weight", "qwen2": "model.embed_tokens.weight", "t5": "shared.weight",
         "bart": "model.shared.weight", "bert": "bert.embeddings.word_embeddings.weight",
         "roberta": "roberta.embeddings.word_embeddings.weight", "deberta-v2": "deberta.embeddings.word_embeddings.weight"}


def tied(name, model, kind, head="lm_head.weight"):
    words = WORDS[model.removesuffix("-mlm")]
    one = ["copy", words, head, 1.0]
    return [
        case(f"{name}, the same twice", model, kind, one),
        case(f"{name}, its own output", model, kind, ["copy", words, head, -0.5]),
        case(f"{name}, output alone", model, kind, one, ["drop", "^" + words.replace(".", "\\.") + "$"]),
        case(f"{name}, untied", model, kind, ["copy", words, head, 0.5], tie_word_embeddings=False),
    ]


TIED = [
    *tied("gpt2", "gpt2", "losses"),
    *tied("qwen2", "qwen2", "losses"),
    *tied("t5", "t5", "target_losses"),
    *tied("bart", "bart", "target_losses")[:3],
    *tied("bert", "bert-mlm", "mask", "cls.predictions.decoder.weight")[:3],
    *tied("roberta", "roberta-mlm", "mask", "lm_head.decoder.weight")[:3],
    *tied("deberta", "deberta-v2-mlm", "mask", "cls.predictions.decoder.weight")[:3],
    case("bert, a bias of the output", "bert-mlm", "mask", ["copy", "cls.predictions.bias", "cls.predictions.decoder.bias", -2.0]),
    case("bert, the bias of the output alone", "bert-mlm", "mask",
         ["copy", "cls.predictions.bias", "cls.predictions.decoder.bias", 1.0], ["drop", "^cls\\.predictions\\.bias"]),
    case("t5, words by the encoder's name", "t5", "target_losses", ["rename", "^shared", "encoder.embed_tokens"]),
    case("bart, words by the decoder's name", "bart", "target_losses", ["rename", "model\\.shared", "model.decoder.embed_tokens"]),
    case("t5, words under each name", "t5", "target_losses", ["copy", "shared.weight", "encoder.embed_tokens.weight", 1.0],
         ["copy", "shared.weight", "decoder.embed_tokens.weight", 1.0]),
    case("t5, its own output undivided", "t5", "target_losses", ["copy", "shared.weight", "lm_head.weight", -0.5],
         scale_decoder_outputs=False),
]



def each(model, kind, *changes):
    """A case for each change: values of config.json, and None for what is left out."""
    return [case(f"{model}, {json.dumps(c)}", model, kind, *c.pop("tensors", []), without=[k for k in c if c[k] is None],
                 **{k: v for k, v in c.items() if v is not None}) for c in changes]


def biases(layers, attention, outputs):
    return [["wave", f"model.layers.{i}.{m}.bias", [n], 0.3] for i in range(layers) for m, n in outputs.items() if attention in m]


ATTENTION = {"self_attn.q_proj": 32, "self_attn.k_proj": 16, "self_attn.v_proj": 16, "self_attn.o_proj": 32}
MLP = {"mlp.gate_proj": 40, "mlp.up_proj": 40, "mlp.down_proj": 32}
DISTANCES = [["wave", f"deberta.encoder.layer.{i}.attention.self.{m}.{t}", n, 0.3]
             for i in range(2) for m in ("pos_key_proj", "pos_query_proj") for t, n in (("weight", [16, 16]), ("bias", [16]))]
LLAMA3 = dict(factor=2.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)

CONFIGS = [
    *each("bert", "scores", dict(hidden_act="gelu_new"), dict(hidden_act="gelu_python"), dict(hidden_act="gelu_fast"),
          dict(hidden_act="quick_gelu"), dict(hidden_act="swish"), dict(hidden_act="gelu_pytorch_tanh"),

          dict(hidden_act=None), dict(layer_norm_eps=0.1), dict(layer_norm_eps=None), dict(num_attention_heads=2),
          dict(classifier_dropout=0.5), dict(pad_token_id=5), dict(type_vocab_size=None),
 dict(pruned_heads={"0": [1]}),
          dict(head_dim=8), dict(tie_word_embeddings=False), dict(dtype="float16"), dict(torch_dtype="bfloat16"),
 dict(attention_bias=False)),
    *each("roberta", "scores", dict(pad_token_id=4), dict(pad_token_id=None), dict(layer_norm_eps=0.1), dict(hidden_act="relu"),
          dict(num_attention_heads=2), dict(model_type="xlm-roberta")),
    *each("deberta-v2", "scores", dict(pos_att_type=["c2p"]), dict(pos_att_type="p2c"), dict(pos_att_type=[]), dict(pos_att_type=None),
          dict(pos_att_type="C2P | p2c"), dict(share_att_key=False, tensors=DISTANCES), dict(norm_rel_ebd="none"), dict(norm_rel_ebd=None),
          dict(position_biased_input=True, tensors=[["wave", "deberta.embeddings.position_embeddings.weight", [64, 16], 0.3]]),
          dict(position_biased_input=None, tensors=[["wave", "deberta.embeddings.position_embeddings.weight", [64, 16], 0.3]]),
          dict(type_vocab_size=2, tensors=[["wave", "deberta.embeddings.token_type_embeddings.weight", [2, 16], 0.3]]),
          dict(position_buckets=-1, max_relative_positions=4, tensors=[["wave", "deberta.encoder.rel_embeddings.weight", [8, 16], 0.3]]),
          dict(position_buckets=4, max_relative_positions=8, tensors=[["wave", "deberta.encoder.rel_embeddings.weight", [8, 16], 0.3]]),
          dict(max_relative_positions=16), dict(max_relative_positions=0),
          dict(hidden_act="relu", pooler_hidden_act="relu"), dict(layer_norm_eps=0.1),
 dict(legacy=False)),
    *each("gpt2", "losses", dict(activation_function="relu"), dict(activation_function=None), dict(scale_attn_weights=False),
          dict(scale_attn_by_inverse_layer_idx=True), dict(reorder_and_upcast_attn=True), dict(layer_norm_epsilon=0.1), dict(n_head=2),
          dict(n_inner=64), dict(hidden_act="relu"), dict(layer_norm_eps=0.5),
          dict(scale_attn_by_inverse_layer_idx=True, scale_attn_weights=False)),
    *each("llama", "losses", dict(hidden_act="gelu"), dict(rms_norm_eps=0.1), dict(rms_norm_eps=None), dict(num_attention_heads=2, num_key_value_heads=1, head_dim=16),
          dict(head_dim=None), dict(rope_parameters=None), dict(rope_parameters=None, rope_theta=500.0),
          dict(rope_parameters={"rope_type": "default", "rope_theta": 300.0}),
          dict(rope_parameters={"rope_theta": 300.0}), dict(rope_parameters={"rope_type": "default"}, rope_theta=300.0),
          dict(rope_parameters=None, rope_theta=300.0, rope_scaling={"type": "linear", "factor": 3.0}),
          dict(rope_parameters=None, rope_theta=300.0, rope_scaling={"rope_type": "llama3", **LLAMA3}),
          dict(rope_parameters=None, rope_scaling={"rope_type": "llama3", "rope_theta": 77.0, **LLAMA3}),
          dict(rope_theta=300.0), dict(rope_scaling={"rope_type": "linear", "factor": 8.0}),
 dict(pretraining_tp=2), dict(sliding_window=2), dict(attention_multiplier=3.0), dict(max_position_embeddings=64),
          dict(attention_bias=True, tensors=biases(2, "self_attn", ATTENTION)), dict(mlp_bias=True, tensors=biases(2, "mlp", MLP)),
          dict(tie_word_embeddings=True), dict(model_type="qwen2", tensors=biases(2, "self_attn", {k: v for k, v in ATTENTION.items() if "o_proj" not in k}))),
    *each("qwen2", "losses", dict(sliding_window=2),
 dict(layer_types=["full_attention"] * 2),
 dict(attention_bias=False), dict(rope_parameters=None),
          dict(rope_parameters=None, rope_theta=500.0, rope_scaling={"type": "linear", "factor": 2.0}), dict(mlp_bias=True), dict(num_key_value_heads=2)),
    *each("qwen3", "losses", dict(attention_bias=True, tensors=biases(2, "self_attn", ATTENTION | {"self_attn.o_proj": 16})),
          dict(rms_norm_eps=0.1), dict(rope_parameters=None)),
    *each("t5", "target_losses", dict(feed_forward_proj="gelu", dense_act_fn=None, is_gated_act=None), dict(feed_forward_proj="gelu"), dict(dense_act_fn="silu"),
          dict(dense_act_fn="tanh", is_gated_act=False), dict(is_gated_act=None, dense_act_fn=None), dict(relative_attention_max_distance=6), dict(layer_norm_epsilon=0.1),
          dict(scale_decoder_outputs=False), dict(scale_decoder_outputs=None), dict(tie_word_embeddings=False, scale_decoder_outputs=None),
          dict(tie_word_embeddings=None), dict(decoder_start_token_id=2), dict(num_decoder_layers=None)),
    *each("t5-gated", "target_losses", dict(feed_forward_proj="gated-silu", dense_act_fn=None, is_gated_act=None), dict(feed_forward_proj="gated-relu"),
          dict(dense_act_fn=None, is_gated_act=None), dict(dense_act_fn="gelu"), dict(scale_decoder_outputs=True), dict(tie_word_embeddings=True, scale_decoder_outputs=None)),
    *each("bart", "target_losses", dict(activation_function="relu"), dict(scale_embedding=True), dict(encoder_attention_heads=2), dict(decoder_attention_heads=2),
          dict(decoder_start_token_id=0),
          dict(extra_pos_embeddings=3), dict(layer_norm_eps=0.5)),
    *each("bart-cls", "scores", dict(id2label=None, label2id=None), dict(id2label=None, label2id=None, num_labels=3)),
]

CASES = PROBLEM_TYPES + NAMES + TIED + CONFIGS
