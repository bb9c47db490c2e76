package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
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
        see(
                ParsedRecord.of(
                        new Rejected(
                                Cause.JSON, "why", null, null, "t", 0, 1, 999_999, new byte[0])));
        assertThat(emitted.timestamps).containsExactly(989L, 989L);
    }

    @Test
    void startedAnywhereItNeverPassesWhatItsPartitionDoesNotCallLate() {
        var random = new Random(3);
        long[] log = LongStream.range(0, 400).map(i -> 5 * i - random.nextInt(30)).toArray();
        for (int start = 0; start < log.length; start += 7) { // as after a restore
            var anew = new ExampleWatermarks(Duration.ofMillis(10));
            var said = new Emitted();
            long newest = Arrays.stream(log, 0, start).max().orElse(Long.MIN_VALUE + 10);
            for (long time : Arrays.copyOfRange(log, start, log.length)) {
                if (time >= newest - 10 && !said.timestamps.isEmpty()) {
                    assertThat(said.timestamps).last().matches(mark -> mark < time);
                }
                newest = Math.max(newest, time);
                see(anew, said, ParsedRecord.of(Example.unlabelled("a", "").at(time, "t", 0, 0)));
            }
        }
    }

    @Test
    void aHeartbeatMovesIt() {
        see(ParsedRecord.of(new Heartbeat(1000, "t", 0, 0)));
        assertThat(emitted.timestamps).containsExactly(989L);
    }

    private void see(ParsedRecord record) {
        see(watermarks, emitted, record);
    }

    private static void see(ExampleWatermarks watermarks, Emitted emitted, ParsedRecord record) {
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
