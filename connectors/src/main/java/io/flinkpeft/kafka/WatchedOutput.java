package io.flinkpeft.kafka;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;

/** Tells a {@link PartitionWatch} which partitions have events. */
final class WatchedOutput implements ReaderOutput<ParsedRecord> {

    /** The output of a partition. */
    private record OfPartition(
            String partition, SourceOutput<ParsedRecord> output, PartitionWatch watch)
            implements SourceOutput<ParsedRecord> {

        @Override
        public void collect(ParsedRecord record) {
            tell(record);
            output.collect(record);
        }

        @Override
        public void collect(ParsedRecord record, long timestamp) {
            tell(record);
            output.collect(record, timestamp);
        }

        private void tell(ParsedRecord record) {
            if (record.isEvent()) {
                watch.event(partition);
            }
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            output.emitWatermark(watermark);
        }

        @Override
        public void markIdle() {
            output.markIdle();
        }

        @Override
        public void markActive() {
            output.markActive();
        }
    }

    private final ReaderOutput<ParsedRecord> output;
    private final PartitionWatch watch;

    WatchedOutput(ReaderOutput<ParsedRecord> output, PartitionWatch watch) {
        this.output = output;
        this.watch = watch;
    }

    @Override
    public SourceOutput<ParsedRecord> createOutputForSplit(String partition) {
        return new OfPartition(partition, output.createOutputForSplit(partition), watch);
    }

    @Override
    public void releaseOutputForSplit(String partition) {
        output.releaseOutputForSplit(partition);
    }

    @Override
    public void collect(ParsedRecord record) {
        output.collect(record);
    }

    @Override
    public void collect(ParsedRecord record, long timestamp) {
        output.collect(record, timestamp);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        output.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
        output.markIdle();
    }

    @Override
    public void markActive() {
        output.markActive();
    }
}
