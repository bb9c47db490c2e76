package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.TopicRecord;
import io.flinkpeft.testing.RandomVersions;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // Flink's harness says that close may be interrupted
class PublishVersionsTest {

    private static final int CHUNK = 100;

    @Test
    void aVersionIsItsRecordsAndThenItsPointer() throws Exception {
        assertThat(published(10, version("a", 1, 150)))
                .containsExactly(
                        "a@1#0 [100 bytes]", "a@1#1 [50 bytes]", "a@1 [0 bytes]", "a [1 bytes]");
    }

    @Test
    void versionsThatAreTooManyAreTakenAway() throws Exception {
        assertThat(
                        published(
                                2,
                                version("a", 1, 150),
                                version("b", 7, 10),
                                version("a", 2, 10),
                                version("a", 30, 10)))
                .endsWith(
                        "a@2 [10 bytes]",
                        "a [1 bytes]",
                        "a@30 [10 bytes]",
                        "a [2 bytes]",
                        "a@1 [taken away]",
                        "a@1#0 [taken away]",
                        "a@1#1 [taken away]");
    }

    @Test
    void thePointerNeverGoesBack() throws Exception {
        assertThat(published(10, version("a", 2, 10), version("a", 1, 10)))
                .containsExactly("a@2 [10 bytes]", "a [1 bytes]", "a@1 [10 bytes]");
    }

    @Test
    void theNewestVersionMayComeAgain() throws Exception {
        assertThat(published(1, version("a", 2, 10), version("a", 2, 10)))
                .containsExactly("a@2 [10 bytes]", "a [1 bytes]", "a@2 [10 bytes]", "a [1 bytes]");
    }

    @Test
    void aVersionOlderThanAllThatAreKeptIsNotWritten() throws Exception {
        assertThat(published(1, version("a", 2, 10), version("a", 1, 10)))
                .containsExactly("a@2 [10 bytes]", "a [1 bytes]");
    }

    @ParameterizedTest
    @ValueSource(classes = {HashMapStateBackend.class, EmbeddedRocksDBStateBackend.class})
    void restoredEqualsUninterrupted(Class<? extends StateBackend> backend) throws Exception {
        var versions = new ArrayList<AdapterVersion>();
        for (int step = 1; step <= 12; step++) {
            versions.add(version("a", step, 90 * (step % 3)));
            versions.add(version("b" + step % 4, step, 10));
        }
        List<String> uninterrupted = run(backend, null, versions).records();
        var firstHalf = run(backend, null, versions.subList(0, 9));
        var secondHalf = run(backend, firstHalf.state(), versions.subList(9, versions.size()));
        var restored = new ArrayList<>(firstHalf.records());
        restored.addAll(secondHalf.records());
        assertThat(restored).isEqualTo(uninterrupted);
        assertThat(secondHalf.records())
                .as("taken away from what the first half wrote")
                .contains("a@5 [taken away]", "a@5#1 [taken away]");
    }

    @Test
    void atLeastOneVersionIsKept() {
        assertThatThrownBy(() -> AdapterTopicSink.builder().keep(0))
                .hasMessage("versions.keep (0) must be at least 1.");
    }

    private record Run(List<String> records, OperatorSubtaskState state) {}

    private static List<String> published(int keep, AdapterVersion... versions) throws Exception {
        try (var harness = harness(keep)) {
            harness.open();
            for (var version : versions) {
                harness.processElement(version, 0);
            }
            return texts(harness);
        }
    }

    private static Run run(
            Class<? extends StateBackend> backend,
            OperatorSubtaskState state,
            List<AdapterVersion> versions)
            throws Exception {
        try (var harness = harness(2)) {
            harness.setStateBackend(backend.getDeclaredConstructor().newInstance());
            harness.setup(new TopicRecordType().createSerializer(null));
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            for (var version : versions) {
                harness.processElement(version, 0);
            }
            return new Run(texts(harness), harness.snapshot(1, 1));
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, AdapterVersion, TopicRecord>
            harness(int keep) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new PublishVersions(CHUNK, keep)),
                AdapterVersion::adapterId,
                Types.STRING);
    }

    private static List<String> texts(
            KeyedOneInputStreamOperatorTestHarness<String, AdapterVersion, TopicRecord> harness) {
        return harness.extractOutputValues().stream().map(TopicRecord::toString).toList();
    }

    private static AdapterVersion version(String adapterId, long step, int bytes) {
        return RandomVersions.version(adapterId, step, bytes);
    }
}
