package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.state.TrainerStates;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is in memory, and what is in Flink's state; a toy adapter has 100 bytes. */
class AdapterCacheTest {

    private final ObservedTrainer toy = new ObservedTrainer(ToyTrainer::new);

    private TrainerHarness start(DeviceCache cache) throws Exception {
        var settings = ToySettings.DEFAULT.with(Batching.DEFAULT.withSize(1)).with(cache);
        return TrainerHarness.start(Backend.HEAP, settings, toy);
    }

    private static void train(TrainerHarness harness, String... adapters) throws Exception {
        for (String adapter : adapters) {
            harness.processAndFinish(List.of(Example.labelled(adapter, "text", "noun")));
        }
    }

    private static List<String> written(TrainerHarness harness) {
        return harness.keys(TrainerStates.ADAPTER);
    }

    @Test
    void whatChangedLongestAgoIsWrittenBeforeACheckpoint() throws Exception {
        try (var harness = start(new DeviceCache(9, 900, 200))) {
            train(harness, "a", "b");
            assertThat(written(harness)).isEmpty();
            train(harness, "a", "c", "d");
            assertThat(written(harness)).containsExactly("a", "b");
            harness.snapshot();
            assertThat(written(harness)).containsExactly("a", "b", "c", "d");
            train(harness, "e", "f");
            assertThat(written(harness)).hasSize(4);
        }
    }

    @Test
    void theOneUsedLongestAgoGoes() throws Exception {
        try (var harness = start(new DeviceCache(9, 200))) {
            train(harness, "a", "b", "a", "c"); // b goes
            await().untilAsserted(() -> assertThat(toy.onDevice).hasValue(2));
            train(harness, "a", "c");
            assertThat(toy.restored).hasValue(0);
            train(harness, "b");
            assertThat(toy.restored).hasValue(1);
        }
    }

    @Test
    void whatIsAtWorkStaysAndMayGoLater() throws Exception {
        try (var harness = start(new DeviceCache(1, 900))) {
            toy.holdSteps();
            harness.process(
                    List.of(
                            Example.labelled("a", "text", "noun"),
                            Example.labelled("b", "text", "noun"),
                            Example.labelled("a", "text", "verb")));
            toy.releaseSteps();
            harness.finishSteps();
            await().untilAsserted(() -> assertThat(toy.onDevice).hasValue(1));
            train(harness, "c");
            await().untilAsserted(() -> assertThat(toy.onDevice).hasValue(1));
        }
    }

    @Test
    void openBatchesOfTooManyBytesWaitInState() throws Exception {
        var batching = Batching.DEFAULT.withSize(9).withMaxBufferedBytes(1_000);
        var settings = ToySettings.DEFAULT.with(batching);
        try (var harness = TrainerHarness.start(Backend.HEAP, settings, toy)) {
            String text = "x".repeat(200); // 400 bytes, and what is beside it
            harness.process(List.of(Example.labelled("a", text, "noun")));
            assertThat(harness.keys(TrainerStates.QUEUE)).isEmpty();
            harness.process(List.of(Example.labelled("b", text, "noun")));
            assertThat(harness.keys(TrainerStates.QUEUE)).containsExactly("a");
            harness.process(List.of(Example.labelled("a", text, "verb")));
            assertThat(harness.keys(TrainerStates.QUEUE)).containsExactly("a", "b");
            harness.endInput();
            assertThat(harness.predictions().get("a")).hasSize(2);
            assertThat(harness.predictions().get("b")).hasSize(1);
        }
    }
}
