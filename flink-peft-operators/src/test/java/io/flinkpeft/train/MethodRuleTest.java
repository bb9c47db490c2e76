package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.task.Task;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodRuleTest {

    private static final String LORA = "{\"peft_type\":\"LORA\",\"r\":8}";

    private static TrainerConfig config() {
        return TrainerConfig.of(TinyModels.bert().toString(), new LoraConfig(2, 4))
                .withDtype("fp32");
    }

    @Test
    void aMethodWithMoreValuesThanAllowedIsRefusedByItsNumber() {
        try (var trainer = OnlineTrainer.open(config(), new MethodRule(true, 100))) {
            assertThatThrownBy(() -> trainer.create("a", AdapterSettings.DEFAULT.withMethod(LORA)))
                    .hasMessageMatching(
                            "Method \\(LORA\\) has \\d+ values an adapter, must have at most 100,"
                                    + " see controls.max-values. Maybe take a smaller rank.");
        }
    }

    @Test
    void withoutABoundItFollowsFromTheJobsMethod() {
        assertThat(MethodRule.DEFAULT.most(10)).isEqualTo(4_000_000);
        assertThat(MethodRule.DEFAULT.most(1_000_000)).isEqualTo(16_000_000);
        assertThat(new MethodRule(true, 7).most(1_000_000)).isEqualTo(7);
    }

    @Test
    void methodsOfTheirOwnCanBeForbidden() {
        assertThatThrownBy(() -> new MethodRule(false, 0).check())
                .hasMessage(
                        "method must not be there: controls.methods (false) lets adapters have the"
                                + " job's only.");
        assertThatThrownBy(() -> new MethodRule(true, -1))
                .hasMessageStartingWith("controls.max-values (-1) must be at least 0.");
    }

    @Test
    void aMethodForAnotherTaskThanTheHeadsIsRefused() {
        try (var trainer = OnlineTrainer.open(config())) {
            trainer.checkMethod(LORA);
            trainer.checkMethod(lora("null"));
            trainer.checkMethod(lora("\"FEATURE_EXTRACTION\""));
            for (String other : List.of("CAUSAL_LM", "SEQ_CLS", "SEQ_2_SEQ_LM")) {
                assertThatThrownBy(() -> trainer.checkMethod(lora("\"" + other + "\"")))
                        .hasMessage(
                                "task_type ("
                                        + other
                                        + ") must be FEATURE_EXTRACTION or absent: head.kind is"
                                        + " STREAM.");
            }
        }
    }

    private static String lora(String task) {
        return "{\"peft_type\":\"LORA\",\"r\":8,\"task_type\":" + task + "}";
    }

    @ParameterizedTest
    @MethodSource("io.flinkpeft.task.Tasks#all")
    void theTaskOfAMethodIsThatOfEveryHead(Task head) {
        TaskType own = head.name().equals("CLOZE") ? TaskType.FEATURE_EXTRACTION : head.peftType();
        for (TaskType task : TaskType.values()) {
            boolean fits = task == own || task == TaskType.UNSPECIFIED;
            var thrown = catchThrowable(() -> MethodRule.checkTask(task, head));
            assertThat(thrown == null).as("%s", task).isEqualTo(fits);
        }
    }

    @Test
    void aStateThatCannotBeWrittenIsRefusedBeforeItIsMade() {
        long most = StateSize.MOST_VALUES;
        assertThatCode(() -> StateSize.check(new FullConfig(), most)).doesNotThrowAnyException();
        assertThatThrownBy(() -> StateSize.check(new FullConfig(), most + 1))
                .hasMessage(
                        "Method (FULL) has "
                                + (most + 1)
                                + " values an adapter, must have at most "
                                + most
                                + ": their state is written as one array of 2 GiB. Maybe take"
                                + " lora.");
        assertThat(12 * most).isLessThan(Integer.MAX_VALUE - (1 << 25));
    }

    @Test
    void labelsGrowAsFarAsAStateHasRoom() {
        assertThat(StateSize.mostLabels(1_024, 100_000, 385)).isEqualTo(1_024);
        assertThat(StateSize.mostLabels(Integer.MAX_VALUE, 100_000, 385)).isEqualTo(1 << 18);
        assertThat(StateSize.mostLabels(12, 100_000, 0)).isEqualTo(12);
    }

    @Test
    void aTrialStepLeavesNothingBehind() {
        try (var trainer = OnlineTrainer.open(config())) {
            assertThatCode(trainer::trial).doesNotThrowAnyException();
        }
    }
}
