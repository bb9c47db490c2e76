package io.flinkpeft.kafka;

import io.flinkpeft.event.Example;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Examples go on, rejected records go to the side output {@link ExampleSource#REJECTED}. */
final class SplitRecords extends ProcessFunction<ParsedRecord, Example> {

    @Override
    public void processElement(ParsedRecord record, Context context, Collector<Example> out) {
        if (record.example() != null) {
            out.collect(record.example());
        } else {
            context.output(ExampleSource.REJECTED, record.rejected());
        }
    }
}
