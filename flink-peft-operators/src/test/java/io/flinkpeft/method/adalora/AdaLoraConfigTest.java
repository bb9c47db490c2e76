package io.flinkpeft.method.adalora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Serving;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.method.targets.TargetModules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdaLoraConfigTest {

    private static final List<TargetLayer> SITES =
            List.of(new TargetLayer("h.0.query", 5, 4), new TargetLayer("h.1.query", 5, 4));
    private static final AttachedModel MODEL =
            new AttachedModel("bert", "bert.", List.of(), TaskType.SEQ_CLS);
    private static final AdaLoraConfig CONFIG =
            AdaLoraConfig.of(new BudgetSchedule(20, 2, 4, 1, 0))
                    .withRanks(3, 1, 6)
                    .withTargets(TargetModules.named("query"));

    @Test
    void everyKeyIsReadAndWritten() {
        var contents =
                PeftConfigJson.read(
                        """
                        {"peft_type": "ADALORA", "init_r": 4, "target_r": 2, "lora_alpha": 3,
                         "lora_dropout": 0.5, "beta1": 0.7, "beta2": 0.6, "orth_reg_weight": 0.1,
                         "total_step": 30, "tinit": 3, "tfinal": 5, "deltaT": 2,
                         "target_modules": ["b"], "modules_to_save": ["head"],
                         "rank_pattern": {"b.lora_E": [true, false]}, "task_type": "CAUSAL_LM"}
                        """);
        assertThat(contents.warnings()).isEmpty();
        assertThat(contents.config())
                .isEqualTo(
                        new AdaLoraConfig(
                                4,
                                2,
                                3,
                                0.5,
                                TargetModules.named("b"),
                                new BudgetSchedule(30, 3, 5, 2, 0),
                                new Importance(0.7, 0.6, 0.1),
                                Map.of("b", List.of(true, false)),
                                List.of("head"),
                                TaskType.CAUSAL_LM));
        assertThat(PeftConfigJson.read(PeftConfigJson.write(contents.config(), "")))
                .isEqualTo(contents);
    }

    @Test
    void aScheduleMustBeGiven() {
        assertThatThrownBy(() -> PeftConfigJson.read("{\"peft_type\": \"ADALORA\"}"))
                .hasMessageContaining("total_step (null) must be given");
    }

    @Test
    void theScaleIsNotDividedTwice() {
        assertThat(CONFIG.scaling()).isEqualTo(6 / (3 + 1e-5));
        assertThat(CONFIG.withRanks(3, 1, 0).scaling()).isEqualTo(3 / (3 + 1e-5));
    }

    @Test
    void aRowHoldsTheImportancesBehindTheTriplets() {
        AttachedMethod attachment = CONFIG.attach(SITES, MODEL);
        int trained = 2 * (3 * 5 + 3 + 4 * 3);
        assertThat(attachment.tensors().size()).isEqualTo(2 * trained);
        assertThat(attachment.groups())
                .containsExactly(
                        new AttachedMethod.Group(trained), new AttachedMethod.Group(trained, 0, 0));
        assertThat(attachment.slots()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(CONFIG.attachServing(SITES, MODEL).tensors().size()).isEqualTo(trained);
    }

    @Test
    void aStepsPlanSaysWhatIsPruned() {
        AttachedMethod attachment = CONFIG.attach(SITES, MODEL);
        assertThat(attachment.plan(1)).containsExactly(1, 1, 0);
        assertThat(attachment.plan(3)).containsExactly(0, 1, 0);
        // (6 - 2) (11 / 14)^3 + 2 = 3.9
        assertThat(attachment.plan(6)).containsExactly(0, 1, 3);
        assertThat(attachment.plan(17)).containsExactly(0, 0, 4);
        assertThat(attachment.plan(18)).containsExactly(0, 0, -1);
    }

    @Test
    void withoutABudgetToLoseNothingIsPruned() {
        AdaLoraConfig same = CONFIG.withRanks(3, 3, 6);
        assertThat(same.attach(SITES, MODEL).plan(10)).containsExactly(0, 1, 0);
    }

    @Test
    void onlyWhatIsLeftIsSaved() {
        AttachedMethod attachment = CONFIG.attach(SITES, MODEL);
        float[] row = new float[attachment.tensors().size()];
        for (int i = 0; i < row.length / 2; i++) {
            row[i] = i;
        }
        int importances = row.length / 2;
        // E of the first layer starts at 30, of the second at 33
        row[importances + 31] = 1;
        Arrays.fill(row, importances + 33, importances + 36, 1);
        Serving serving = attachment.serving(row);

        AdaLoraConfig saved = (AdaLoraConfig) serving.config();
        assertThat(saved.rankPattern())
                .isEqualTo(
                        Map.of(
                                "bert.h.0.query",
                                List.of(true, false, true),
                                "bert.h.1.query",
                                List.of(false, false, false)));
        assertThat(serving.tensors().stream().map(t -> t.shape()))
                .containsExactly(
                        List.of(2L, 5L),
                        List.of(0L, 5L),
                        List.of(2L, 1L),
                        List.of(0L, 1L),
                        List.of(4L, 2L),
                        List.of(4L, 0L));
        assertThat(serving.tensors().get(2).toFloats()).containsExactly(30, 32);
        assertThat(serving.tensors().get(4).toFloats())
                .containsExactly(36, 38, 39, 41, 42, 44, 45, 47);

        AttachedMethod pruned = saved.attachServing(SITES, MODEL);
        assertThat(pruned.slots()).containsExactly(0, -1, 2, -1, 4, -1);
        assertThat(pruned.tensors().slots().get(0).shape()).containsExactly(2, 5);
    }
}
