package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.testing.TinyModels;
import org.junit.jupiter.api.Test;

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
                            "Method \\(LORA\\) has \\d+ values an adapter, must have at most 100, see"
                                    + " controls.max-values. Maybe take a smaller rank.");
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
