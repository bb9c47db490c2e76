package io.flinkpeft.kafka;

import io.flinkpeft.flink.config.EventOrder;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka source whose readers are watched by a {@link PartitionWatch}; its state is that of the
 * source.
 */
final class WatchedSource
        implements Source<ParsedRecord, KafkaPartitionSplit, KafkaSourceEnumState>,
                ResultTypeQueryable<ParsedRecord> {

    private static final Logger LOG = LoggerFactory.getLogger(ExampleSource.class);

    private final KafkaSource<ParsedRecord> source;
    private final EventOrder.Kind order;
    private final Duration pause;

    /**
     * A source.
     *
     * @param order of events, on which it depends what is warned of
     * @param pause between two looks at partitions that have no event
     */
    WatchedSource(KafkaSource<ParsedRecord> source, EventOrder.Kind order, Duration pause) {
        this.source = source;
        this.order = order;
        this.pause = pause;
    }

    @Override
    public SourceReader<ParsedRecord, KafkaPartitionSplit> createReader(SourceReaderContext context)
            throws Exception {
        boolean others = context.currentParallelism() > 1;
        var watch = new PartitionWatch(order, others, context.metricGroup(), LOG::warn);
        return new WatchedReader(source.createReader(context), watch, pause);
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return source.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
            throws Exception {
        return source.restoreEnumerator(context, state);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return source.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<ParsedRecord> getProducedType() {
        return source.getProducedType();
    }
}
