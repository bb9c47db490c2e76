package io.flinkpeft.method.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.Golden;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.targets.ModuleNames;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftConfigJsonTest {

    static final List<String> ADAPTERS = Golden.ADAPTERS;

    @ParameterizedTest
    @FieldSource("ADAPTERS")
    void whatPeftWroteIsWrittenAgainByteForByte(String adapter) throws Exception {
        String text = Golden.text(adapter + "/adapter_config.json");

        var contents = PeftConfigJson.read(text);

        assertThat(contents.warnings()).isEmpty();
        assertThat(contents.baseModelName()).isEqualTo("tiny-bert-cls");
        assertThat(PeftConfigJson.write(contents.config(), "tiny-bert-cls")).isEqualTo(text);
    }

    @Test
    void everyKeyIsRead() {
        var contents =
                PeftConfigJson.read(
                        """
                        {"peft_type": "LORA", "r": 3, "lora_alpha": 1.5, "lora_dropout": 0.25,
                         "target_modules": ["b", "a"], "exclude_modules": "x.*",
                         "layers_to_transform": [2], "layers_pattern": "h", "use_rslora": true,
                         "rank_pattern": {"a": 1}, "alpha_pattern": {"b": 2},
                         "modules_to_save": ["head"], "init_lora_weights": "gaussian",
                         "task_type": "CAUSAL_LM", "base_model_name_or_path": "base"}
                        """);
        assertThat(contents.baseModelName()).isEqualTo("base");
        var lora = (LoraConfig) contents.config();
        assertThat(lora.rank()).isEqualTo(3);
        assertThat(lora.alpha()).isEqualTo(1.5);
        assertThat(lora.dropout()).isEqualTo(0.25);
        assertThat(lora.targets().names()).isEqualTo(new ModuleNames.Listed(List.of("a", "b")));
        assertThat(lora.targets().excluded()).isEqualTo(new ModuleNames.Matching("x.*"));
        assertThat(lora.targets().layers()).containsExactly(2);
        assertThat(lora.targets().layerPatterns()).containsExactly("h");
        assertThat(lora.ranks().rsLora()).isTrue();
        assertThat(lora.ranks().rankPattern()).containsEntry("a", 1);
        assertThat(lora.ranks().alphaPattern()).containsEntry("b", 2.0);
        assertThat(lora.modulesToSave()).containsExactly("head");
        assertThat(lora.initialization()).isEqualTo(Initialization.GAUSSIAN);
        assertThat(lora.taskType()).isEqualTo(TaskType.CAUSAL_LM);
        assertThat(PeftConfigJson.read(PeftConfigJson.write(lora, "base"))).isEqualTo(contents);
    }

    @Test
    void aFileOfAnOldVersionHasTheDefaults() {
        var old =
                PeftConfigJson.read(
                        """
                        {"base_model_name_or_path": "base", "bias": "none", "fan_in_fan_out": false,
                         "inference_mode": true, "init_lora_weights": true, "lora_alpha": 8,
                         "lora_dropout": 0.0, "modules_to_save": null, "peft_type": "LORA", "r": 8,
                         "target_modules": null, "task_type": null}
                        """);
        assertThat(old.config()).isEqualTo(LoraConfig.DEFAULT);
        assertThat(old.warnings()).isEmpty();
    }

    @Test
    void aKeyOfANewerVersionIsIgnoredWithAWarning() {
        var contents = PeftConfigJson.read("{\"peft_type\":\"LORA\",\"zeta\":1,\"new\":[2]}");
        assertThat(contents.config()).isEqualTo(LoraConfig.DEFAULT);
        assertThat(contents.warnings())
                .containsExactly(
                        "adapter_config.json: new ([2]) is ignored, PEFT 0.21.0 does not know it.",
                        "adapter_config.json: zeta (1) is ignored, PEFT 0.21.0 does not know it.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_qalora|true",
                "ensure_weight_tying|true",
                "megatron_config|{\"a\":1}",
                "layer_replication|[[0,1]]",
                "use_bdlora|{\"a\":1}",
                "monteclora_config|{\"a\":1}",
                "kasa_config|{\"a\":1}",
                "alora_invocation_tokens|[1]",
                "target_parameters|[\"a\"]",
                "arrow_config|{\"a\":1}",
                "trainable_token_indices|[1]"
            })
    void aFeatureWeDoNotHaveIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> PeftConfigJson.read(with(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "adapter_config.json: "
                                + key
                                + " ("
                                + value
                                + ") must be off: it is not supported.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bias|\"some\"|bias (some) must be none, all or lora_only.",
                "init_lora_weights|\"olora\"|init_lora_weights (\"olora\") must be true,"
                        + " \"gaussian\", \"pissa\" or one that leaves the base as it is. Maybe"
                        + " convert the adapter with PEFT's"
                        + " path_initial_model_for_weight_conversion.",
                "task_type|\"OTHER\"|task_type (OTHER) must be one of [UNSPECIFIED, SEQ_CLS,"
                        + " TOKEN_CLS, QUESTION_ANS, CAUSAL_LM, SEQ_2_SEQ_LM, FEATURE_EXTRACTION].",
                "r|\"8\"|r (\"8\") must be a whole number.",
                "r|8.5|r (8.5) must be a whole number.",
                "r|0|peft.lora.rank (0) must be at least 1. Maybe use 8, the default.",
                "lora_alpha|[]|lora_alpha ([]) must be a number.",
                "use_rslora|1|use_rslora (1) must be true or false.",
                "target_modules|[1]|target_modules (1) must be text, or a list of texts.",
                "target_modules|[]|target_modules ([]) must not be empty.",
                "target_modules|\"(\"|Pattern (() must be a regular expression: Unclosed group.",
                "rank_pattern|[]|rank_pattern ([]) must be an object.",
                "rank_pattern|{\"a\":1.5}|rank_pattern (1.5) must be a whole number."
            })
    void aValueThatIsWrongIsNamed(String key, String value, String message) {
        assertThatThrownBy(() -> PeftConfigJson.read(with(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adapter_config.json: " + message);
    }

    @Test
    void aMethodWeDoNotHaveIsNamedWithThoseWeHave() {
        assertThatThrownBy(() -> PeftConfigJson.read("{\"peft_type\": \"POLY\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("adapter_config.json: peft_type (POLY) must be one of [")
                .hasMessageContaining("LORA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"true", "false", "\"eva\"", "\"orthogonal\"", "\"mica\"", "\"Gaussian\""})
    void howAFinishedAdapterStartedIsRead(String start) {
        assertThat(PeftConfigJson.read(with("init_lora_weights", start)).warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"olora\"", "\"corda\"", "\"loftq\"", "\"pissa_niter_4\"", "\"EVA\"", "3"})
    void aStartThatChangesTheBaseIsRefused(String start) {
        assertThatThrownBy(() -> PeftConfigJson.read(with("init_lora_weights", start)))
                .hasMessageContaining("init_lora_weights (" + start + ") must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "corda_config",
                "loftq_config",
                "lora_ga_config",
                "runtime_config",
                "velora_config"
            })
    void aSettingOfAStartThatIsNotUsedIsNoted(String key) {
        assertThat(PeftConfigJson.read(with(key, "{\"a\":1}")).warnings())
                .containsExactly(
                        "adapter_config.json: " + key + " ({\"a\":1}) is ignored, as in PEFT.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "\"eva\"", "\"orthogonal\""})
    void aNewAdapterCannotStartAsWeCannot(String start) {
        assertThatThrownBy(() -> PeftConfigJson.readNew(with("init_lora_weights", start)))
                .hasMessage(
                        "adapter_config.json: init_lora_weights ("
                                + start
                                + ") must be true, \"gaussian\" or \"pissa\" for a new adapter.");
    }

    @Test
    void theSettingsOfAStartFromDataAreReadAndNotObeyed() {
        String eva = with("eva_config", "{\"rho\":2.0}");
        assertThat(PeftConfigJson.read(eva).config()).isEqualTo(LoraConfig.DEFAULT);
        assertThatThrownBy(() -> PeftConfigJson.readNew(eva))
                .hasMessage(
                        "adapter_config.json: eva_config ({\"rho\":2.0}) must be off for a new"
                                + " adapter: it is not supported.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LORA|lora_aplha|64| Maybe use lora_alpha.",
                "LORA|target_module|[\"query\"]| Maybe use target_modules.",
                "LORA|R|16| Maybe use r.",
                "LORA|alpha|16|",
                "LORA|num_virtual_tokens|4|",
                "LORA|use_rs_lora|true| Maybe use use_rslora.",
                "IA3|layers_to_transform|[1]|",
                "PROMPT_TUNING|prompt_tunig_init|\"TEXT\"| Maybe use prompt_tuning_init.",
                "PREFIX_TUNING|prefix_projecton|true| Maybe use prefix_projection.",
                "P_TUNING|encoder_hidden|8|"
            })
    void aNewAdapterHasNoSettingThatItsMethodDoesNotKnow(
            String type, String key, String value, String maybe) {
        String json =
                "{\"peft_type\":\"%s\",\"num_virtual_tokens\":2,\"%s\":%s}"
                        .formatted(type, key, value)
                        .replace(type.matches("LORA|IA3") ? "\"num_virtual_tokens\":2," : "", "");
        assertThatThrownBy(() -> PeftConfigJson.readNew(json))
                .hasMessage(
                        "adapter_config.json: "
                                + key
                                + " ("
                                + value
                                + ") must be a setting of "
                                + type
                                + "."
                                + (maybe == null ? "" : " " + maybe));
        assertThat(PeftConfigJson.read(json).warnings()).hasSize(1);
    }

    @Test
    void whatIsWrittenCanBeTheSettingsOfANewAdapter() {
        String written = PeftConfigJson.write(LoraConfig.DEFAULT, "base");
        assertThat(PeftConfigJson.readNew(written).config()).isEqualTo(LoraConfig.DEFAULT);
    }

    private static String with(String key, String value) {
        return "{\"peft_type\":\"LORA\",\"" + key + "\":" + value + "}";
    }

    @Test
    void whatIsNotJsonIsRefused() {
        assertThatThrownBy(() -> PeftConfigJson.read("{"))
                .hasMessageStartingWith("adapter_config.json: must be JSON: ");
        assertThatThrownBy(() -> PeftConfigJson.read("[]"))
                .hasMessage("adapter_config.json: must hold a JSON object.");
        assertThatThrownBy(() -> PeftConfigJson.read("{\"r\":1,\"r\":2}"))
                .hasMessageStartingWith("adapter_config.json: must be JSON: Duplicate field 'r'");
        assertThatThrownBy(() -> PeftConfigJson.read(""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theWriterKnowsEveryKeyThatPeftWrites() throws Exception {
        var golden = (ObjectNode) Golden.json("lora-qv/init/adapter_config.json");
        assertThat(golden.size()).isEqualTo(41);
        assertThat(JsonValues.parse(PeftConfigJson.write(LoraConfig.DEFAULT, "")).keys())
                .containsExactlyElementsOf(JsonValues.parse(golden.toString()).keys());
    }
}
