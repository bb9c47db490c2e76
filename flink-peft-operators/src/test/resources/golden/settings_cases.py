# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in
# compliance with the License. You may obtain a copy of the License at
#     http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is
# distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and limitations under the License.
"""Every field of PEFT's adapter_config.json for the methods that we have, with other values than its default.

A case has a model of the grid, the arguments of PEFT's configuration that the adapter is made with, and what is changed in
the file afterwards. `refused` is a part of what we say instead of the numbers, `unmerged` the same for `merge` alone; with
`merges` it merges all the same. `warned` is a part of the line that we print beside the numbers.
"""

DROP = "(dropped)"


def case(method, name, arguments=None, model="bert", edit=None, refused=None, unmerged=None, warned=None,
         merges=False, without=()):
    return dict(method=method, name=f"{method} {name}", model=model, arguments=arguments or {},
                edit=(edit or {}) | {k: DROP for k in without}, refused=refused, unmerged=unmerged, warned=warned, merges=merges)


TARGETS = {"bert": ["query", "value"], "llama": ["q_proj", "v_proj"], "gpt2": ["c_attn"], "t5": ["q", "v"],
           "qwen2": ["q_proj", "v_proj"], "bart": ["q_proj", "v_proj"]}


def lora(name, arguments=None, **more):
    targets = TARGETS[more.get("model", "bert")]
    return case("LORA", name, dict(r=2, lora_alpha=3, target_modules=targets) | (arguments or {}), **more)


IGNORED = ["corda_config", "eva_config", "loftq_config", "lora_ga_config", "runtime_config", "velora_config"]


def file(key, value, **more):
    """The value stands in the file only."""
    if key in IGNORED and value:
        more["warned"] = f"{key} ({{"
    return lora(f"{key}={value}", edit={key: value}, **more)


OLD = ["alpha_pattern", "arrow_config", "corda_config", "ensure_weight_tying", "eva_config", "exclude_modules", "kasa_config",
       "layer_replication", "layers_pattern", "layers_to_transform", "loftq_config", "lora_bias", "lora_ga_config",
       "megatron_config", "megatron_core", "monteclora_config", "peft_version", "qalora_group_size", "rank_pattern", "revision",
       "target_parameters", "trainable_token_indices", "use_bdlora", "use_dora", "use_qalora", "use_rslora", "velora_config",
       "alora_invocation_tokens", "auto_mapping", "init_lora_weights"]

COMMON = [
    lora("plain"),
    lora("task_type=None", dict(task_type=None)),
    file("task_type", "SENTENCE", refused="task_type (SENTENCE)"),
    file("auto_mapping", {"base_model_class": "BertModel", "parent_library": "transformers.models.bert.modeling_bert"}),
    file("peft_version", "0.3.0"),
    file("peft_version", "1.9.0.dev0@abc"),
    file("base_model_name_or_path", None),
    file("revision", "main"),
    file("inference_mode", False),
    lora("of version 0.2", edit=dict(enable_lora=None, merge_weights=False), without=OLD,
         warned="merge_weights (false) is ignored"),
    file("future_key", {"a": [1]}, warned='future_key ({"a":[1]}) is ignored'),
    lora("no peft_type", without=["peft_type"], refused="peft_type (null)"),
]

NUMBERS = [
    lora("r=3", dict(r=3)),
    file("r", 3, refused="lora_A.weight"),
    file("r", 0, refused="rank (0)"),
    file("r", None, refused="r (null)"),
    file("r", "2", refused='r ("2")'),
    file("lora_alpha", 2.5),
    file("lora_alpha", 0, refused="alpha (0.0)"),
    file("lora_alpha", -3, refused="alpha (-3.0)"),
    file("lora_alpha", None, refused="lora_alpha (null)"),
    file("lora_alpha", "3", refused='lora_alpha ("3")'),
    file("lora_dropout", 0.5),
    file("lora_dropout", 1.0, refused="dropout (1.0)"),
    file("use_rslora", True),
    lora("use_rslora with patterns", dict(use_rslora=True, rank_pattern={"key": 3}, alpha_pattern={"layer.1.*query": 7},
                                          target_modules=["query", "key"])),
    lora("rank_pattern of ends", dict(rank_pattern={"query": 4, "layer.1.attention.self.value": 3})),
    lora("rank_pattern from the start", dict(rank_pattern={r"^bert\.encoder\.layer\.0.*": 1})),
    lora("rank_pattern, first of two", dict(rank_pattern={"query": 4, "layer.1.attention.self.query": 3}),
         refused="lora_A", unmerged="rank 4"),  # the file has keys in order, so PEFT does not load it either
    file("rank_pattern", {"query": 0}, refused="rank for query (0)"),
    file("rank_pattern", {"query": 2.5}, refused="rank_pattern (2.5)"),
    lora("alpha_pattern", dict(alpha_pattern={"layer.1.attention.self.query": 5, "value": 0.25})),
    file("alpha_pattern", {"query": 0}, refused="alpha for query (0.0)"),
    file("alpha_pattern", {"query": -1}, refused="alpha for query (-1.0)"),
    file("use_dora", True, refused="lora_magnitude_vector"),
    lora("use_dora", dict(use_dora=True, rank_pattern={"query": 3})),
    lora("use_dora on Conv1D", dict(use_dora=True), model="gpt2"),
    lora("use_dora with use_rslora", dict(use_dora=True, use_rslora=True), model="llama"),
    lora("use_dora of embeddings", dict(use_dora=True, target_modules=["word_embeddings", "query"]),
         refused="use_dora", merges=True),
    lora("use_dora with bias=all", dict(use_dora=True, bias="all")),
    lora("lora_bias", dict(lora_bias=True)),
    lora("lora_bias on Conv1D", dict(lora_bias=True), model="gpt2"),
    lora("lora_bias without a bias", dict(lora_bias=True), model="llama", unmerged="must have one to merge an adapter with lora_bias"),
    lora("lora_bias with bias=lora_only", dict(lora_bias=True, bias="lora_only")),
    file("lora_bias", True, refused="lora_B.bias"),
    lora("bias=all", dict(bias="all")),
    lora("bias=lora_only", dict(bias="lora_only")),
    lora("bias=all on Conv1D", dict(bias="all"), model="gpt2"),
    lora("bias=all of task None", dict(bias="all", task_type=None)),
    file("bias", "some", refused="bias (some)"),
    file("bias", "all", refused="lacks tensors", merges=True),
    file("fan_in_fan_out", True),
    file("fan_in_fan_out", True, model="gpt2"),
    file("fan_in_fan_out", False, model="gpt2"),
    lora("fan_in_fan_out, square Conv1D", dict(fan_in_fan_out=True, target_modules=["attn.c_proj"]), model="gpt2"),
]

NAMES = [
    lora("target_modules=None", dict(target_modules=None)),
    file("target_modules", "query", refused="target_modules /query/"),
    lora("target_modules of a pattern", dict(target_modules=r".*\.(query|output\.dense)")),
    lora("target_modules of a full name", dict(target_modules=["bert.encoder.layer.1.attention.self.key"])),
    lora("target_modules=all-linear", dict(target_modules="all-linear")),
    lora("target_modules=All-Linear on Conv1D", dict(target_modules="All-Linear"), model="gpt2"),
    lora("target_modules=all-linear of t5", dict(target_modules="all-linear"), model="t5"),
    file("target_modules", [], refused="target_modules ([])"),
    file("target_modules", ["query", "value", "nothing"]),
    file("target_modules", ["nothing"], refused="target_modules [nothing]"),
    lora("target_modules with the head", dict(target_modules=["query", "classifier"])),
    lora("target_modules with lm_head", dict(target_modules=["q_proj", "lm_head"]), model="llama"),
    lora("target_modules with embeddings", dict(target_modules=["embed_tokens", "q_proj"]), model="llama"),
    lora("exclude_modules of ends", dict(exclude_modules=["layer.0.attention.self.query"])),
    lora("exclude_modules of a pattern", dict(exclude_modules=r".*\.layer\.0\..*")),
    file("exclude_modules", []),
    file("exclude_modules", ""),
    file("exclude_modules", ["query"], refused="has tensors"),
    lora("layers_to_transform of a list", dict(layers_to_transform=[1])),
    lora("layers_to_transform of one", dict(layers_to_transform=0)),
    file("layers_to_transform", []),
    file("layers_to_transform", [5], refused="target_modules"),
    lora("layers_pattern", dict(layers_to_transform=[1], layers_pattern="layer")),
    lora("layers_pattern of a list", dict(layers_to_transform=[1], layers_pattern=["blocks", "layer"])),
    file("layers_pattern", "layer", refused="layers_to_transform"),
    file("layers_pattern", []),
    lora("layers_to_transform with a pattern", edit=dict(target_modules=".*query", layers_to_transform=[1]),
         refused="layers_to_transform"),
    lora("layers_to_transform of llama", dict(layers_to_transform=[0]), model="llama"),
    lora("layers_to_transform of t5", dict(layers_to_transform=[0]), model="t5"),
    lora("modules_to_save", dict(modules_to_save=["pooler"])),
    lora("modules_to_save with the head", dict(modules_to_save=["pooler", "classifier"])),
    lora("modules_to_save of task None", dict(modules_to_save=["classifier"], task_type=None)),
    lora("modules_to_save of a norm", dict(modules_to_save=["norm"]), model="llama"),
    lora("modules_to_save of both embeddings", dict(modules_to_save=["embed_tokens", "lm_head"]), model="llama"),
    file("modules_to_save", ["pooler", "classifier", "score"], refused="lacks", merges=True),
    file("modules_to_save", ["classifier", "score", "nothing"]),
    file("modules_to_save", "pooler", refused='modules_to_save ("pooler")'),
    lora("modules_to_save of tied embeddings", dict(modules_to_save=["embed_tokens"]), model="qwen2",
         refused="modules_to_save [embed_tokens]", merges=True),
    lora("modules_to_save of a tied head", dict(modules_to_save=["lm_head"]), model="qwen2",
         refused="modules_to_save [lm_head]", merges=True),
    lora("target_modules with a tied head", dict(target_modules=["q_proj", "lm_head"]), model="qwen2"),
    lora("target_modules with a tied head, Conv1D", dict(target_modules=["c_attn", "lm_head"]), model="gpt2"),
    lora("target_modules with a tied head of t5", dict(target_modules=["q", "lm_head"]), model="t5"),
    lora("target_modules with a tied head of bart", dict(target_modules=["q_proj", "lm_head"]), model="bart"),
    lora("target_modules with tied embeddings", dict(target_modules=["embed_tokens", "q_proj"]), model="qwen2"),
    lora("target_modules with tied embeddings, gpt2", dict(target_modules=["wte", "c_attn"]), model="gpt2"),
    lora("use_dora with a tied head", dict(target_modules=["q_proj", "lm_head"], use_dora=True), model="qwen2"),
]

STARTS = [file("init_lora_weights", v) for v in (False, None, "gaussian", "Gaussian", "orthogonal", "eva", "mica")]
STARTS += [file("init_lora_weights", v, refused=f'init_lora_weights ("{v}")')
           for v in ("pissa_niter_4", "olora", "corda", "lora_ga", "EVA", "true", "other")]
STARTS += [
    file("init_lora_weights", "pissa", unmerged="init_lora_weights (pissa)"),
    lora("init_lora_weights=loftq", edit=dict(init_lora_weights="loftq", loftq_config={"loftq_bits": 4, "loftq_iter": 1}),
         refused="loftq"),
]

OFF = [file(key, value) for key, value in [
    ("eva_config", {"rho": 2.0}), ("megatron_config", None), ("megatron_core", "other.core"), ("qalora_group_size", 4),
    ("loftq_config", {}), ("trainable_token_indices", None), ("target_parameters", []), ("layer_replication", None),
    ("velora_config", {"num_groups": 2})]]
OFF += [file("alora_invocation_tokens", [], model="llama"), file("layer_replication", [], model="llama")]
OFF += [file("runtime_config", {"ephemeral_gpu_offload": True}),
        file("loftq_config", {"loftq_bits": 4, "loftq_iter": 1}),
        file("corda_config", {"corda_method": "ipm"}), file("lora_ga_config", {"direction": "ArB2r"})]
ON = [file(key, value, model=model, refused=f"{key} (") for key, value, model in [
    ("alora_invocation_tokens", [5], "llama"),
    ("arrow_config", {"top_k": 2}, "bert"), ("kasa_config", {"beta": 0.1}, "bert"),
    ("layer_replication", [[0, 2], [1, 2]], "llama"),
    ("megatron_config", {"a": 1}, "bert"), ("monteclora_config", {"num_samples": 2}, "bert"),
    ("use_bdlora", {"nblocks": 2}, "bert"), ("use_qalora", True, "bert"),
    ("ensure_weight_tying", True, "bert"), ("target_parameters", ["classifier.weight"], "bert"),
    ("trainable_token_indices", [1], "bert"), ("trainable_token_indices", {"word_embeddings": [1]}, "bert")]]
ON += [lora("trainable_token_indices", dict(trainable_token_indices=[5, 7, 11]), refused="trainable_token_indices ("),
       lora("trainable_token_indices of llama", dict(trainable_token_indices={"embed_tokens": [5, 7]}), model="llama",
            refused="trainable_token_indices ("),
       lora("target_parameters", dict(target_parameters=["query.weight"], target_modules=[]),
            refused="target_parameters (")]


def adalora(name, arguments=None, **more):
    own = dict(init_r=3, target_r=2, lora_alpha=4, total_step=10, tinit=1, tfinal=2, target_modules=["query", "value"])
    return case("ADALORA", name, own | (arguments or {}), **more)


def adafile(key, value, **more):
    return adalora(f"{key}={value}", edit={key: value}, **more)


E = "bert.encoder.layer.%d.attention.self.%s.lora_E"
PATTERN = {E % (l, m): [True, True, True] for l in (0, 1) for m in ("query", "value")}
ADALORA = [
    adalora("plain"),
    adafile("r", 5, warned="r (5) is ignored"), adafile("alpha_pattern", {"query": 9}, warned="alpha_pattern ({"),
    adafile("use_rslora", True, warned="use_rslora (true) is ignored"), adafile("target_r", 7, refused="target_r (7)"),
    adafile("lora_alpha", 2.5), adafile("lora_alpha", 0),
    adafile("lora_alpha", -2),
    adafile("init_r", 4, refused="lora_A"),
    adafile("total_step", None, refused="total_step (null)"), adafile("tinit", 9, refused="tinit (9)"),
    adafile("deltaT", 5), adafile("beta1", 0.5), adafile("beta2", 0.5), adafile("orth_reg_weight", 0.1),
    adafile("orth_reg_weight", -0.1, refused="orth_reg_weight (-0.1)"),
    adafile("bias", "all", refused="bias (all)"), adafile("use_dora", True, refused="use_dora (true)"),
    adalora("bias=lora_only", dict(bias="lora_only"), refused="bias (lora_only)"),
    adafile("loftq_config", {"a": 1}, refused="loftq_config ("), adafile("lora_bias", True, refused="lora_bias (true)"),
    adafile("rank_pattern", None),
    adalora("rank_pattern", edit=dict(rank_pattern=PATTERN)),
    adafile("init_lora_weights", False), adafile("lora_dropout", 0.3), adafile("fan_in_fan_out", True),
    adafile("trainable_token_indices", [1], refused="trainable_token_indices ("),
    adafile("layers_to_transform", [1], refused="has tensors"), adalora("layers_to_transform", dict(layers_to_transform=[1])),
    adalora("exclude_modules", dict(exclude_modules=["layer.0.attention.self.query"])),
    adalora("target_modules of a pattern", dict(target_modules=".*key")),
    adalora("modules_to_save", dict(modules_to_save=["pooler"]), refused="modules_to_save [pooler]", merges=True),
    adafile("future_key", 1, warned="future_key (1) is ignored"),
]


def ia3(name, arguments=None, **more):
    own = dict(target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"])
    return case("IA3", name, own | (arguments or {}), **more)


def ia3file(key, value, **more):
    return ia3(f"{key}={value}", edit={key: value}, **more)


IA3 = [
    ia3("plain"), ia3("defaults", dict(target_modules=None, feedforward_modules=None)),
    ia3("defaults of Conv1D", dict(target_modules=None, feedforward_modules=None), model="gpt2"),
    ia3("feedforward_modules=[]", dict(target_modules=["key"], feedforward_modules=[])),
    ia3("patterns", dict(target_modules=r".*(key|output\.dense)", feedforward_modules=r".*output\.dense")),
    ia3("exclude_modules", dict(exclude_modules=["layer.0.attention.self.key"])),
    ia3("modules_to_save", dict(modules_to_save=["pooler"])),
    ia3("a part of feedforward_modules", dict(target_modules=["key", "dense"], feedforward_modules=["dense"])),
    ia3file("feedforward_modules", ["nothing"], refused="feedforward_modules"),
    ia3file("feedforward_modules", None),
    ia3file("init_ia3_weights", False), ia3file("fan_in_fan_out", True), ia3file("future_key", 1, warned="future_key (1)"),
]


def virtual(method, name, arguments=None, **more):
    return case(method, name, dict(num_virtual_tokens=3) | (arguments or {}), **more)


def virtualfile(method, key, value, **more):
    return virtual(method, f"{key}={value}", edit={key: value}, **more)


PROMPTS = []
for m in ("PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING"):
    shape = "prompt_embeddings"
    PROMPTS += [
        virtual(m, "plain"), virtual(m, "of llama", model="llama"), virtual(m, "of t5", model="t5"),
        virtual(m, "num_virtual_tokens=1", dict(num_virtual_tokens=1)),
        virtualfile(m, "num_virtual_tokens", 5, refused=shape),
        virtualfile(m, "num_virtual_tokens", None, refused="num_virtual_tokens (0)"),
        virtualfile(m, "token_dim", None), virtualfile(m, "num_attention_heads", None), virtualfile(m, "num_layers", None),
        virtualfile(m, "num_transformer_submodules", None),
        virtualfile(m, "token_dim", 8, refused="token_dim (8)"),
        virtualfile(m, "num_layers", 5, refused="num_layers (5)"),
        virtualfile(m, "num_attention_heads", 2, refused="num_attention_heads (2)"),
        virtualfile(m, "num_transformer_submodules", 2, refused="num_transformer_submodules (2)"),
        virtualfile(m, "modules_to_save", None),
        virtual(m, "modules_to_save", dict(modules_to_save=["pooler"]), refused="modules_to_save"),
        virtualfile(m, "future_key", 1, warned="future_key (1) is ignored"),
    ]
PROMPTS += [
    virtualfile("PROMPT_TUNING", "prompt_tuning_init", "SAMPLE_VOCAB"),
    virtual("PROMPT_TUNING", "prompt_tuning_init=TEXT", edit=dict(
        prompt_tuning_init="TEXT", prompt_tuning_init_text="a good day", tokenizer_name_or_path="somewhere")),
    virtualfile("PROMPT_TUNING", "prompt_tuning_init", "TEXT", refused="prompt_tuning_init_text (empty)"),
    virtualfile("PROMPT_TUNING", "prompt_tuning_init", "OTHER", refused="prompt_tuning_init (OTHER)"),
    virtualfile("PROMPT_TUNING", "tokenizer_name_or_path", "somewhere"),
    virtualfile("PROMPT_TUNING", "tokenizer_kwargs", {"use_fast": True}, refused="tokenizer_kwargs"),
    virtual("P_TUNING", "encoder of one layer", dict(encoder_hidden_size=6, encoder_num_layers=1, encoder_dropout=0.1)),
    virtual("P_TUNING", "encoder_reparameterization_type=LSTM", dict(
        encoder_reparameterization_type="LSTM", encoder_hidden_size=6, encoder_num_layers=1)),
    virtualfile("P_TUNING", "encoder_reparameterization_type", "OTHER", refused="encoder_reparameterization_type (OTHER)"),
    virtualfile("P_TUNING", "encoder_hidden_size", None), virtualfile("P_TUNING", "encoder_dropout", 0.5),
    virtual("PREFIX_TUNING", "prefix_projection", dict(prefix_projection=True, encoder_hidden_size=6)),
    virtualfile("PREFIX_TUNING", "init_weights", "zero"),
    virtualfile("PREFIX_TUNING", "init_weights", "other", refused="init_weights (other)"),
]

CASES = COMMON + NUMBERS + NAMES + STARTS + OFF + ON + ADALORA + IA3 + PROMPTS
