package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.testing.TinyModels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A topic that names ever new methods takes no more memory for it. */
class TrainingSetupsTest {

    private static final int METHODS = 3 * TrainingSetups.RECENT;

    private final List<Example> examples = TinyModels.examples("a");

    private static TrainerConfig config() {
        return TrainerConfig.of(TinyModels.bert().toString(), TinyModels.loraOnAllLinears(4, 8))
                .withDtype("fp32");
    }

    private static AdapterSettings method(int number) {
        return AdapterSettings.DEFAULT.withMethod(
                "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": " + (100 + number) + "}");
    }

    private static void open(TrainingSetups setups, int methods) {
        for (int i = 1; i <= methods; i++) {
            setups.of(method(i));
        }
    }

    private static void awaitSize(TrainingSetups setups, int size) {
        await().atMost(Duration.ofMinutes(10))
                .pollInSameThread()
                .until(
                        () -> {
                            System.gc();
                            setups.of(method(METHODS)); // an ordinary call lets names go
                            return setups.size() == size;
                        });
    }

    @Test
    void methodsThatNobodyHasAreForgotten() {
        try (var setups = new TrainingSetups(TrainingSetup.of(config()), MethodRule.DEFAULT)) {
            open(setups, METHODS);
            awaitSize(setups, TrainingSetups.RECENT);
            TrainingSetup last = setups.of(method(METHODS));
            assertThat(setups.of(method(METHODS))).isSameAs(last);
        }
    }

    @Test
    void adaptersOfOneMethodShareItHoweverManyOthersComeBetween() {
        try (var setups = new TrainingSetups(TrainingSetup.of(config()), MethodRule.DEFAULT)) {
            TrainingSetup held = setups.of(method(0));
            open(setups, METHODS);
            awaitSize(setups, TrainingSetups.RECENT + 1);
            assertThat(setups.of(method(0))).isSameAs(held);
        }
    }

    @Test
    void aMethodThatIsOpenedAgainGoesOnWithTheSameBytes() {
        assertThat(afterTwoSteps(METHODS)).isEqualTo(afterTwoSteps(0));
    }

    /** An adapter that is evicted between its steps, while others come with other methods. */
    private AdapterState afterTwoSteps(int others) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            AdapterState middle = stepped(trainer, trainer.create("a", method(0)), 0);
            for (int i = 1; i <= others; i++) {
                trainer.create("b", method(i)).close();
            }
            return stepped(trainer, trainer.restore(middle, method(0)), 8);
        }
    }

    private AdapterState stepped(OnlineTrainer trainer, LiveAdapter before, int from) {
        var batch = new Batch(before, method(0), examples.subList(from, from + 8), List.of());
        try (before;
                var after = trainer.step(List.of(batch)).get(0).after()) {
            return after.snapshot();
        }
    }
}
