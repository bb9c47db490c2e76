package io.flinkpeft.method.ia3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.TargetModules;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ia3ConfigTest {

    private static final List<TargetLayer> SITES =
            List.of(
                    new TargetLayer("layer.0.attention.self.query", 4, 4),
                    new TargetLayer("layer.0.attention.self.key", 4, 4),
                    new TargetLayer("layer.0.attention.output.dense", 4, 4),
                    new TargetLayer("layer.0.output.dense", 8, 4));

    private static AttachedMethod attach(Ia3Config config) {
        return config.attach(SITES, new AttachedModel("bert", "", List.of(), TaskType.SEQ_CLS));
    }

    @Test
    void inBertBothOutputLayersAreScaledAtTheirInput() {
        AttachedMethod attachment = attach(Ia3Config.DEFAULT);
        assertThat(attachment.slots()).containsExactly(-1, 0, -1, -1, -1, -1, 1, 2);
        assertThat(attachment.tensors().slots().stream().map(TensorLayout.Slot::shape))
                .containsExactly(List.of(4, 1), List.of(1, 4), List.of(1, 8));
        Ia3Config exported = (Ia3Config) attachment.config();
        assertThat(exported.feedForward())
                .isEqualTo(
                        new ModuleNames.Listed(
                                List.of("layer.0.attention.output.dense", "layer.0.output.dense")));
        assertThat(exported.modulesToSave()).containsExactly("classifier", "score");
    }

    @Test
    void feedForwardNamesMatchAnyEndAsInPeft() {
        Ia3Config config =
                Ia3Config.DEFAULT.withTargets(
                        TargetModules.named("ense", "dense", "key"),
                        new ModuleNames.Listed(List.of("ense")));
        assertThat(attach(config).slots()).containsExactly(-1, 0, -1, -1, -1, -1, 1, 2);
    }

    @Test
    void factorsStartAtOne() {
        AttachedMethod attachment = attach(Ia3Config.DEFAULT);
        float[] row = new float[attachment.tensors().size() + 1];
        attachment.initialize(null, 7, row);
        assertThat(row[0]).isEqualTo(1);
        assertThat(row[row.length - 2]).isEqualTo(1);
        assertThat(row[row.length - 1]).isZero();
    }

    @Test
    void everyKeyIsReadAndWritten() {
        var contents =
                PeftConfigJson.read(
                        """
                        {"peft_type": "IA3", "target_modules": ["b", "a"], "exclude_modules": "x.*",
                         "feedforward_modules": ["a"], "init_ia3_weights": false,
                         "modules_to_save": ["head"], "fan_in_fan_out": false}
                        """);
        assertThat(contents.warnings()).isEmpty();
        Ia3Config ia3 = (Ia3Config) contents.config();
        assertThat(ia3.targets().names()).isEqualTo(new ModuleNames.Listed(List.of("a", "b")));
        assertThat(ia3.targets().excluded()).isEqualTo(new ModuleNames.Matching("x.*"));
        assertThat(ia3.feedForward()).isEqualTo(new ModuleNames.Listed(List.of("a")));
        assertThat(ia3.ones()).isFalse();
        assertThat(PeftConfigJson.read(PeftConfigJson.write(ia3, ""))).isEqualTo(contents);
        assertThat(PeftConfigJson.read("{\"peft_type\": \"IA3\"}").config())
                .isEqualTo(Ia3Config.DEFAULT);
    }

    @Test
    void feedForwardLayersMustBeTargets() {
        var other = new ModuleNames.Listed(List.of("dense"));
        var targets = TargetModules.named("key");
        assertThatThrownBy(() -> Ia3Config.DEFAULT.withTargets(targets, other))
                .hasMessage("feedforward_modules [dense] must be a part of target_modules [key].");
    }
}
