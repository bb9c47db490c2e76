package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.TopicRecord;
import io.flinkpeft.kafka.topic.VersionRecords;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Turns a version into its records: the version, the pointer to it, and removals of versions that
 * are too many. All come from one call, so that no checkpoint parts them. Keyed by adapter id.
 *
 * <p>State: the steps that are kept, with the number of their chunks.
 *
 * <p>A version may come again after a restore. One that is not the newest is written without a
 * pointer, for a pointer does not go back by itself; one that is older than all that are kept is
 * not written.
 */
final class PublishVersions extends KeyedProcessFunction<String, AdapterVersion, TopicRecord> {

    /** The name of the state; state of later releases is found by it. */
    static final String KEPT_STATE = "kept-versions";

    private final VersionRecords records;
    private final int keep;

    private transient MapState<Long, Integer> kept;
    private transient Counter published;
    private transient Counter stale;

    PublishVersions(int chunkBytes, int keep) {
        this.records = new VersionRecords(chunkBytes);
        this.keep = keep;
    }

    @Override
    public void open(OpenContext context) {
        kept =
                getRuntimeContext()
                        .getMapState(new MapStateDescriptor<>(KEPT_STATE, Types.LONG, Types.INT));
        var metrics = getRuntimeContext().getMetricGroup();
        published = metrics.counter(AdapterTopicSink.PUBLISHED_METRIC);
        stale = metrics.counter(AdapterTopicSink.STALE_METRIC);
    }

    @Override
    public void processElement(AdapterVersion version, Context context, Collector<TopicRecord> out)
            throws Exception {
        TreeMap<Long, Integer> steps = steps();
        boolean full = steps.size() >= keep;
        if (full && version.step() < steps.firstKey()) {
            stale.inc();
            return;
        }
        records.version(version).forEach(out::collect);
        steps.put(version.step(), records.chunks(version));
        kept.put(version.step(), records.chunks(version));
        if (version.step() == steps.lastKey()) {
            out.collect(
                    VersionRecords.pointer(version.adapterId(), version.step(), version.sha256()));
        }
        while (steps.size() > keep) {
            var oldest = steps.pollFirstEntry();
            kept.remove(oldest.getKey());
            VersionRecords.removal(version.adapterId(), oldest.getKey(), oldest.getValue())
                    .forEach(out::collect);
        }
        published.inc();
    }

    private TreeMap<Long, Integer> steps() throws Exception {
        var steps = new TreeMap<Long, Integer>();
        for (var entry : kept.entries()) {
            steps.put(entry.getKey(), entry.getValue());
        }
        return steps;
    }
}
