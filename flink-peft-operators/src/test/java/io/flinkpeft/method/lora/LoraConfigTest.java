package io.flinkpeft.method.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.targets.TargetModules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoraConfigTest {

    private static final LoraConfig EVERYTHING =
            new LoraConfig(
                    new LoraRanks(4, 16, true, Map.of("key", 3), Map.of("key", 2.5)),
                    0.1,
                    TargetModules.named("query").excluding("layer.0").inLayers(1, 2),
                    List.of("pooler"),
                    Initialization.GAUSSIAN,
                    TaskType.SEQ_CLS,
                    LoraVariant.DEFAULT);

    @Test
    void defaultsAreThoseOfPeft() {
        assertThat(LoraConfig.DEFAULT)
                .isEqualTo(PeftConfigJson.read("{\"peft_type\": \"LORA\"}").config())
                .isEqualTo(
                        new LoraConfig(
                                new LoraRanks(8, 8, false, Map.of(), Map.of()),
                                0,
                                TargetModules.DEFAULT,
                                List.of(),
                                Initialization.KAIMING_UNIFORM,
                                TaskType.UNSPECIFIED,
                                LoraVariant.DEFAULT));
    }

    @Test
    void survivesJavaSerialisation() throws Exception {
        for (LoraConfig config :
                List.of(
                        LoraConfig.DEFAULT,
                        EVERYTHING,
                        LoraConfig.DEFAULT.withTargets(TargetModules.ALL_LINEAR),
                        LoraConfig.DEFAULT.withTargets(TargetModules.matching(".*")))) {
            var bytes = new ByteArrayOutputStream();
            try (var out = new ObjectOutputStream(bytes)) {
                out.writeObject(config);
            }
            var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
            assertThat(in.readObject()).isEqualTo(config);
        }
    }

    @Test
    void aWitherChangesOneThing() {
        assertThat(EVERYTHING.withRank(5).rank()).isEqualTo(5);
        assertThat(EVERYTHING.withRank(5).withRank(4)).isEqualTo(EVERYTHING);
        assertThat(EVERYTHING.withAlpha(5).alpha()).isEqualTo(5);
        assertThat(EVERYTHING.withAlpha(5).withAlpha(16)).isEqualTo(EVERYTHING);
        assertThat(EVERYTHING.withDropout(0.5).dropout()).isEqualTo(0.5);
        assertThat(EVERYTHING.withDropout(0.5).withDropout(0.1)).isEqualTo(EVERYTHING);
        assertThat(EVERYTHING.withTargets(TargetModules.DEFAULT).targets())
                .isEqualTo(TargetModules.DEFAULT);
        assertThat(LoraConfig.DEFAULT.withRsLora().ranks().rsLora()).isTrue();
        assertThat(LoraConfig.DEFAULT.withInitialization(Initialization.GAUSSIAN).initialization())
                .isEqualTo(Initialization.GAUSSIAN);
        assertThat(LoraConfig.DEFAULT.withPatterns(Map.of("a", 1), Map.of("b", 2.0)))
                .satisfies(
                        config -> {
                            assertThat(config.ranks().rankPattern()).containsEntry("a", 1);
                            assertThat(config.ranks().alphaPattern()).containsEntry("b", 2.0);
                        });
    }

    @Test
    void theHeadsOfTheTaskAreSaved() {
        assertThat(EVERYTHING.modulesToSave()).containsExactly("pooler", "classifier", "score");
        assertThat(EVERYTHING.withTaskType(TaskType.FEATURE_EXTRACTION).modulesToSave())
                .containsExactly("pooler");
        assertThat(LoraConfig.DEFAULT.withTaskType(TaskType.QUESTION_ANS).modulesToSave())
                .containsExactly("qa_outputs");
    }

    /** Part of every state: a change of this text would make old states unreadable. */
    @Test
    void theFingerprintHasWhatDecidesTheMeaningOfARow() {
        assertThat(LoraConfig.DEFAULT.fingerprint())
                .isEqualTo("LORA r=8 alpha=8.0 rslora=false targets=default ranks={} alphas={}");
        assertThat(EVERYTHING.fingerprint())
                .isEqualTo(
                        "LORA r=4 alpha=16.0 rslora=true targets=[query] without [layer.0] in"
                                + " [][1, 2] ranks={key=3} alphas={key=2.5} saved=[pooler]");
        assertThat(EVERYTHING.withTargets(TargetModules.matching("a.*")).fingerprint())
                .contains("targets=/a.*/ ");
        assertThat(EVERYTHING.withTargets(TargetModules.ALL_LINEAR).fingerprint())
                .contains("targets=all-linear ");
    }

    @Test
    void theScaleFollowsTheRank() {
        assertThat(LoraConfig.DEFAULT.scaling(4, 10)).isEqualTo(2.5);
        assertThat(LoraConfig.DEFAULT.withRsLora().scaling(4, 10)).isEqualTo(5);
    }

    @Test
    void wrongValuesAreNamed() {
        var ok = LoraConfig.DEFAULT;
        assertThatThrownBy(() -> ok.withRank(0))
                .hasMessage("peft.lora.rank (0) must be at least 1. Maybe use 8, the default.");
        assertThatThrownBy(() -> ok.withAlpha(Double.NaN))
                .hasMessage(
                        "peft.lora.alpha (NaN) must be more than 0 and at most 1e6. Maybe use the"
                                + " rank.");
        assertThatThrownBy(() -> ok.withAlpha(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ok.withDropout(1))
                .hasMessage("peft.lora.dropout (1.0) must be at least 0 and less than 1.");
        assertThatThrownBy(() -> ok.withDropout(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ok.withPatterns(Map.of("key", 0), Map.of()))
                .hasMessageStartingWith("peft.lora.rank for key (0) must be at least 1.");
        assertThatThrownBy(() -> ok.withPatterns(Map.of(), Map.of("key", -1.0)))
                .hasMessageStartingWith("peft.lora.alpha for key (-1.0) must be more than 0");
        assertThatThrownBy(() -> ok.withPatterns(Map.of("(", 1), Map.of()))
                .hasMessage("Pattern (() must be a regular expression: Unclosed group.");
        assertThatThrownBy(() -> TargetModules.matching("["))
                .hasMessageStartingWith("Pattern ([) must be a regular expression: ");
        assertThatThrownBy(() -> TargetModules.named())
                .hasMessage("target_modules ([]) must not be empty.");
        assertThatThrownBy(() -> TargetModules.matching(".*").inLayers(1))
                .hasMessage(
                        "layers_to_transform [1] must be absent if target_modules is a pattern."
                                + " Maybe put the layers into the pattern.");
    }
}
