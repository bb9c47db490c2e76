package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Rejected;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Sends what steps made to the three outputs, with event times, and counts it. */
final class StepOutputs {

    private final Output<StreamRecord<AdapterVersion>> output;
    private final TrainingMetrics meters;

    StepOutputs(Output<StreamRecord<AdapterVersion>> output, TrainingMetrics meters) {
        this.output = output;
        this.meters = meters;
    }

    void send(Done done) {
        meters.done(done);
        if (done instanceof Done.Trained trained) {
            for (var prediction : trained.outcome().results()) {
                var record = new StreamRecord<>(prediction, prediction.timestampMillis());
                output.collect(TrainingOutputs.PREDICTIONS, record);
            }
        }
        done.rejected().forEach(this::send);
        done.publication().version().ifPresent(this::send);
    }

    private void send(AdapterVersion version) {
        output.collect(new StreamRecord<>(version, version.lineage().maxTimestampMillis()));
    }

    void send(Rejected rejected) {
        meters.rejected(rejected);
        var record = new StreamRecord<>(rejected, rejected.timestampMillis());
        output.collect(TrainingOutputs.REJECTED, record);
    }
}
