package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.NumericsChange;
import io.flinkpeft.adapter.OffsetRange;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.testing.RandomVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedHeadersTest {

    private final AdapterVersion plain = RandomVersions.version("a", 7, 250);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 1_400, 1_600, 5_000, 100_000})
    void aVersionOfManyPartitionsIsPublished(int partitions) throws Exception {
        var ranges = ranges(partitions, "customer-feedback-events-v2");
        var read = published(new Lineage(9, 9, ranges), plain.metrics());
        var left = read.lineage().offsets();
        assertThat(ranges).containsAll(left).hasSizeGreaterThanOrEqualTo(left.size());
        assertThat(left).hasSizeGreaterThanOrEqualTo(Math.min(partitions, 1_000));
        assertThat(read.lineage().examples()).isEqualTo(9);
        assertThat(read.payload()).isEqualTo(plain.payload());
    }

    @Test
    void theRangesWithTheMostExamplesAreNamed() throws Exception {
        var ranges = ranges(5_000, "examples");
        var left = published(new Lineage(9, 9, ranges), Map.of()).lineage().offsets();
        long least = left.stream().mapToLong(OffsetRange::count).min().orElseThrow();
        var others = new ArrayList<>(ranges);
        others.removeAll(left);
        assertThat(others).isNotEmpty().allMatch(range -> range.count() <= least);
        assertThat(left)
                .as("in their order")
                .isEqualTo(ranges.stream().filter(left::contains).toList());
    }

    @Test
    void whatWasLeftOutIsCounted() {
        var head = VersionHead.of(version(new Lineage(9, 9, ranges(5_000, "t")), Map.of()), 0);
        long named = head.headers().stream().filter(h -> h.name().equals("peft.offsets")).count();
        assertThat(head.headers())
                .contains(new TopicRecord.Header("peft.left-out", 5_000 - named + " peft.offsets"));
        assertThat(VersionHead.of(plain, 0).headers())
                .noneMatch(header -> header.name().equals("peft.left-out"));
    }

    @Test
    void theNewestChangesOfNumericsAreNamed() throws Exception {
        var changes = new ArrayList<NumericsChange>();
        for (int step = 0; step < 10_000; step++) {
            changes.add(new NumericsChange(step, new Numerics("fp32", 1, "cpu", "libtorch")));
        }
        var lineage = new Lineage(9, 9, ranges(5_000, "t"), changes);
        var left = published(lineage, plain.metrics()).lineage().changes();
        assertThat(left).hasSizeGreaterThan(100).last().isEqualTo(changes.get(9_999));
        assertThat(left).isEqualTo(changes.subList(10_000 - left.size(), 10_000));
    }

    @Test
    void manyTopicsAndMetricsWithLongNamesArePublished() throws Exception {
        var ranges = new ArrayList<OffsetRange>();
        var metrics = new TreeMap<String, Double>();
        for (int i = 0; i < 3_000; i++) {
            ranges.add(new OffsetRange("ü".repeat(100) + i, 0, 0, i, i));
            metrics.put("m".repeat(200) + i, (double) i);
        }
        metrics.put("x".repeat(300_000), 1.0);
        var read = published(new Lineage(9, 9, ranges), metrics);
        assertThat(read.lineage().offsets()).isNotEmpty();
        assertThat(metrics.entrySet()).containsAll(read.metrics().entrySet());
    }

    /** Numbers of examples that are in no order. */
    private static List<OffsetRange> ranges(int partitions, String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(
                        i ->
                                new OffsetRange(
                                        topic, i, 1_000_000_000L, 2_000_000_000L, i * 7919L % 5003))
                .toList();
    }

    private AdapterVersion version(Lineage lineage, Map<String, Double> metrics) {
        return new AdapterVersion(
                plain.adapterId(),
                plain.step(),
                plain.parentStep(),
                plain.baseHash(),
                plain.method(),
                plain.numerics(),
                lineage,
                metrics,
                plain.payload(),
                plain.sha256());
    }

    /** As a reader gets it. */
    private AdapterVersion published(Lineage lineage, Map<String, Double> metrics)
            throws Exception {
        var store = new StoredVersions();
        var pending = new PendingVersions(VersionLimits.DEFAULT, store);
        for (var record : new VersionRecords(100).version(version(lineage, metrics))) {
            var read = Records.read(record, 0);
            pending.accept(TopicKey.parse(read.key()), read);
        }
        return store.load(pending.find(TopicKey.version("a", 7)).version().orElseThrow());
    }
}
