package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.train.TrainerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts with a token that the model does not know, in a job. */
class UnknownTokenJobTest {

    private static final int GOOD = 60;

    @TempDir Path directory;

    /** Every seventh record is one, of an adapter that has no other. */
    private static List<TrainingEvent> withBadOnes() {
        var events = new ArrayList<TrainingEvent>();
        for (Example good : Examples.of(0, GOOD, 1)) {
            events.add(good);
            if (events.size() % 7 == 0) {
                events.add(bad(events.size()));
            }
        }
        return events;
    }

    private static Example bad(int at) {
        String text = "soup " + ChangedModel.UNKNOWN + " rain";
        return new Example("mallory", text, null, "label " + at, null, 0, "texts", 9, at);
    }

    @ParameterizedTest
    @EnumSource
    void theyAreDeadLettersAndOthersLearnAsIfTheyWereNotThere(Backend backend) throws Exception {
        String model = ChangedModel.withUnknownToken("bert", directory).toString();
        var config = TrainerConfig.of(model, new LoraConfig(2, 4)).withDtype("fp32");
        TrainingSettings settings = TrainingSettings.of(config);
        try (var with = TrainerHarness.start(backend, settings, OnlineTraining.trainers(settings));
                var without =
                        TrainerHarness.start(
                                backend, settings, OnlineTraining.trainers(settings))) {
            List<TrainingEvent> events = withBadOnes();
            with.process(events).endInput();
            without.process(Examples.of(0, GOOD, 1)).endInput();

            assertThat(with.rejected())
                    .hasSize(events.size() - GOOD)
                    .extracting(Rejected::reason)
                    .allMatch(reason -> reason.startsWith("Text has token 86, must be less than"));
            assertThat(with.versions()).isEqualTo(without.versions());
            assertThat(with.predictions()).isEqualTo(without.predictions());
        }
    }
}
