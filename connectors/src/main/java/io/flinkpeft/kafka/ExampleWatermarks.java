package io.flinkpeft.kafka;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.BoundedOutOfOrdernessWatermarks;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/**
 * Watermarks from events only: a rejected record has the time at which Kafka got it, which may be
 * years ahead of the events around it.
 */
final class ExampleWatermarks extends BoundedOutOfOrdernessWatermarks<ParsedRecord> {

    ExampleWatermarks(Duration outOfOrderness) {
        super(outOfOrderness);
    }

    @Override
    public void onEvent(ParsedRecord record, long timestampMillis, WatermarkOutput output) {
        if (record.isEvent()) {
            super.onEvent(record, timestampMillis, output);
        }
    }
}
