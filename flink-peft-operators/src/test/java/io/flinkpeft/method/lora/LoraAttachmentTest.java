package io.flinkpeft.method.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.targets.TargetModules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoraAttachmentTest {

    private static final List<TargetLayer> SITES =
            List.of(
                    new TargetLayer("layer.0.query", 300, 200),
                    new TargetLayer("layer.0.key", 300, 200),
                    new TargetLayer("layer.0.dense", 300, 400),
                    new TargetLayer("layer.1.query", 300, 200));

    private static final LoraConfig CONFIG =
            new LoraConfig(4, 8)
                    .withTargets(TargetModules.named("query", "dense"))
                    .withPatterns(Map.of("dense", 7), Map.of("layer.1.query", 2.0));

    private static AttachedModel model(String prefix) {
        return new AttachedModel("bert", prefix, List.of(), TaskType.UNSPECIFIED);
    }

    @Test
    void onlyTargetsHaveTensors() {
        AttachedMethod attachment = CONFIG.attach(SITES, model("bert."));

        assertThat(attachment.slots()).containsExactly(0, -1, 1, 2, 3, -1, 4, 5);
        assertThat(attachment.scales()).containsExactly(2, 0, 8.0 / 7, 0.5);
        assertThat(attachment.tensors().slots().stream().map(TensorLayout.Slot::name))
                .containsExactly(
                        "layer.0.query.lora_A.weight",
                        "layer.0.dense.lora_A.weight",
                        "layer.1.query.lora_A.weight",
                        "layer.0.query.lora_B.weight",
                        "layer.0.dense.lora_B.weight",
                        "layer.1.query.lora_B.weight");
        assertThat(attachment.tensors().slots().stream().map(TensorLayout.Slot::shape))
                .containsExactly(
                        List.of(4, 300),
                        List.of(7, 300),
                        List.of(4, 300),
                        List.of(200, 4),
                        List.of(400, 7),
                        List.of(200, 4));
    }

    @Test
    void namesAreMatchedWithThePrefixOfTheModel() {
        var config = CONFIG.withTargets(TargetModules.named("bert.layer.1.query"));
        assertThat(config.attach(SITES, model("bert.")).slots())
                .containsExactly(-1, -1, -1, 0, -1, -1, -1, 1);
    }

    @ParameterizedTest
    @EnumSource(names = "PISSA", mode = EnumSource.Mode.EXCLUDE)
    void valuesHaveTheSpreadOfTheirInitialization(Initialization initialization) {
        var config = CONFIG.withInitialization(initialization);
        AttachedMethod attachment = config.attach(SITES, model(""));
        float[] row = new float[attachment.tensors().size()];
        attachment.initialize(null, 5, row);

        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            float[] values = Arrays.copyOfRange(row, slot.offset(), slot.offset() + slot.size());
            if (slot.name().contains("lora_B")) {
                assertThat(values).containsOnly(0f);
                continue;
            }
            double deviation =
                    switch (initialization) {
                        case PISSA -> throw new AssertionError("starts from a base");
                        case KAIMING_UNIFORM -> 1 / Math.sqrt(300) / Math.sqrt(3);
                        case GAUSSIAN -> 1.0 / slot.shape().get(0);
                    };
            double sum = 0;
            double squares = 0;
            for (float value : values) {
                sum += value;
                squares += value * value;
            }
            // 1,200 values at least: five standard errors of mean and deviation
            assertThat(sum / values.length).isEqualTo(0, within(0.15 * deviation));
            assertThat(Math.sqrt(squares / values.length))
                    .isEqualTo(deviation, within(0.1 * deviation));
        }
    }

    @Test
    void theSameSeedGivesTheSameValues() {
        AttachedMethod attachment = CONFIG.attach(SITES, model(""));
        float[][] rows = new float[3][attachment.tensors().size()];
        attachment.initialize(null, 5, rows[0]);
        attachment.initialize(null, 5, rows[1]);
        attachment.initialize(null, 6, rows[2]);
        assertThat(rows[0]).isEqualTo(rows[1]).isNotEqualTo(rows[2]);
    }
}
