package io.flinkpeft.kafka;

import io.flinkpeft.event.TrainingEvent;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Events go on, rejected records go to the side output {@link ExampleSource#REJECTED}. */
final class SplitRecords extends ProcessFunction<ParsedRecord, TrainingEvent> {

    @Override
    public void processElement(ParsedRecord record, Context context, Collector<TrainingEvent> out) {
        if (record.isEvent()) {
            out.collect(record.event());
        } else {
            context.output(ExampleSource.REJECTED, record.rejected());
        }
    }
}
