package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the order of arrival makes of events that only event time can place. */
class EventCheckTest {

    private static Feedback feedback(String label) {
        return new Feedback("a", "x", label, 5, "t", 0, 9);
    }

    private static List<Rejected> rejected(TrainingEvent... events) throws Exception {
        try (var harness =
                TrainerHarness.start(Backend.HEAP, ToySettings.DEFAULT, ToyTrainer::new)) {
            return harness.process(List.of(events)).endInput().rejected();
        }
    }

    @Test
    void feedbackIsADeadLetterThatSaysWhatToDo() throws Exception {
        assertThat(rejected(feedback("noun"), feedback(null)))
                .extracting(Rejected::reason)
                .containsExactly(
                        "Label (noun) of example x must come with its text where train.order is"
                                + " arrival. Maybe set train.order to event-time.",
                        "Retraction of example x must come with its text where train.order is"
                                + " arrival. Maybe set train.order to event-time.");
    }

    @Test
    void aDeadLetterOfFeedbackIsItsRecord() throws Exception {
        assertThat(rejected(feedback("noun"), feedback(null)))
                .extracting(letter -> new String(letter.payload(), StandardCharsets.UTF_8))
                .containsExactly(
                        "{\"adapter\":\"a\",\"id\":\"x\",\"label\":\"noun\",\"timestamp\":5}",
                        "{\"adapter\":\"a\",\"id\":\"x\",\"retracted\":true,\"timestamp\":5}");
    }

    @Test
    void aHeartbeatIsNothingToTheTrainer() throws Exception {
        assertThat(rejected(new Heartbeat(5, "t", 0, 9))).isEmpty();
    }
}
