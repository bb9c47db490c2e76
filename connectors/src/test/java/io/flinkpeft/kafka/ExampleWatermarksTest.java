package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class ExampleWatermarksTest {

    private final ExampleWatermarks watermarks = new ExampleWatermarks(Duration.ofMillis(10));
    private final Emitted emitted = new Emitted();

    @Test
    void aWatermarkFollowsTheExamples() {
        see(ParsedRecord.of(Example.unlabelled("a", "x").at(1000, "t", 0, 0)));
        assertThat(emitted.timestamps).containsExactly(989L);
    }

    @Test
    void aRejectedRecordDoesNotMoveIt() {
        see(ParsedRecord.of(Example.unlabelled("a", "x").at(1000, "t", 0, 0)));
        see(ParsedRecord.of(new Rejected("why", null, "t", 0, 1, 999_999, new byte[0])));
        assertThat(emitted.timestamps).containsExactly(989L, 989L);
    }

    private void see(ParsedRecord record) {
        watermarks.onEvent(record, record.timestampMillis(), emitted);
        watermarks.onPeriodicEmit(emitted);
    }

    private static final class Emitted implements WatermarkOutput {

        private final List<Long> timestamps = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            timestamps.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }
}
