package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilenceTest {

    private long nanos;
    private int asked;
    private final Silence silence = new Silence(() -> nanos);

    @Test
    void aBrokerThatIsAskedNowAndThenIsNeverSilent() {
        for (int minute = 0; minute < 600; minute++) {
            assertThat(isOverAfter(Duration.ofMinutes(1), false, true)).isFalse();
        }
        assertThat(asked).isEqualTo(600);
    }

    @Test
    void aBrokerIsNotAskedAtEveryPoll() {
        for (int poll = 0; poll < 600; poll++) {
            isOverAfter(Duration.ofSeconds(1), false, true);
        }
        assertThat(asked).isEqualTo(10);
    }

    @Test
    void afterALongSilenceTheTopicIsReadAnewOnce() {
        for (int minute = 0; minute < 90; minute++) {
            assertThat(isOverAfter(Duration.ofMinutes(1), false, false)).isFalse();
        }
        assertThat(isOverAfter(Duration.ofMinutes(1), false, true)).isTrue();
        assertThat(isOverAfter(Duration.ofMinutes(1), false, true)).isFalse();
    }

    @Test
    void recordsAreAnAnswerToo() {
        assertThat(isOverAfter(Duration.ofMinutes(59), true, false)).isFalse();
        assertThat(isOverAfter(Duration.ofMinutes(59), true, false)).isFalse();
        assertThat(isOverAfter(Duration.ofMinutes(61), true, false)).isTrue();
        assertThat(asked).isZero();
    }

    private boolean isOverAfter(Duration time, boolean records, boolean answers) {
        nanos += time.toNanos();
        return silence.isOver(
                records,
                () -> {
                    asked++;
                    return answers;
                });
    }
}
