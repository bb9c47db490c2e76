package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.testing.RandomVersions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionRecordsTest {

    private final AdapterVersion version = RandomVersions.version("a b", 7, 250);

    @Test
    void aSmallVersionIsOneRecord() {
        List<TopicRecord> records = new VersionRecords(250).version(version);
        assertThat(records).extracting(TopicRecord::key).containsExactly("a b@7");
        assertThat(records.get(0).value()).isEqualTo(version.payload());
    }

    @Test
    void aLargeVersionIsItsChunksAndThenItself() {
        List<TopicRecord> records = new VersionRecords(100).version(version);
        assertThat(records)
                .extracting(TopicRecord::toString)
                .containsExactly(
                        "a b@7#0 [100 bytes]",
                        "a b@7#1 [100 bytes]",
                        "a b@7#2 [50 bytes]",
                        "a b@7 [0 bytes]");
    }

    @Test
    void headersSayAllThatIsKnown() throws Exception {
        for (int chunkBytes : new int[] {100, 1000}) {
            var store = new StoredVersions();
            var pending = new PendingVersions(VersionLimits.DEFAULT, store);
            TopicKey key = TopicKey.version("a b", 7);
            for (var record : new VersionRecords(chunkBytes).version(version)) {
                var read = Records.read(record, 0);
                pending.accept(TopicKey.parse(read.key()), read);
            }
            assertThat(store.load(pending.find(key).version().orElseThrow())).isEqualTo(version);
        }
    }

    @Test
    void removalsNameEveryRecordOfAVersion() {
        assertThat(VersionRecords.removal("a", 7, 2))
                .extracting(TopicRecord::toString)
                .containsExactly("a@7 [taken away]", "a@7#0 [taken away]", "a@7#1 [taken away]");
    }

    @Test
    void allRecordsOfAnAdapterLieInOnePartition() {
        var records = new ArrayList<>(Records.published(version, 100));
        records.addAll(VersionRecords.removal("a b", 6, 3));
        assertThat(records)
                .extracting(record -> record.toKafka("t", 50).partition())
                .containsOnly(AdapterTopicFormat.partition("a b", 50));
    }

    @Test
    void partitionsAreMurmur2OfTheId() {
        // numbers of another implementation of murmur2
        assertThat(AdapterTopicFormat.partition("user-42", 50)).isEqualTo(10);
        assertThat(AdapterTopicFormat.partition("\u00fc", 50)).isEqualTo(8);
    }

    @Test
    void aHashThatIsNotThePayloadsIsABug() {
        var wrong =
                new AdapterVersion(
                        "a",
                        7,
                        6,
                        "ba5e",
                        "LORA",
                        version.numerics(),
                        Lineage.NONE,
                        version.metrics(),
                        new byte[3],
                        version.sha256());
        assertThatThrownBy(() -> VersionRecords.DEFAULT.version(wrong))
                .hasMessageStartingWith("Version a@7 with SHA-256 (" + version.sha256())
                .hasMessageContaining("must have that of its payload");
    }

    @Test
    void noPayloadHasMoreChunksThanAVersionMay() {
        int most = AdapterTopicFormat.MAX_CHUNKS;
        for (int length : new int[] {most, most + 1, 2 * most, 2 * most + 1}) {
            var records = new VersionRecords(1);
            var large = RandomVersions.version("a", 7, length);
            assertThat(records.chunks(large)).isBetween(most / 2, most);
            var written = records.version(large);
            assertThat(written).hasSize(records.chunks(large) + 1);
            assertThat(written.stream().mapToInt(record -> record.value().length).sum())
                    .isEqualTo(length);
        }
    }

    @Test
    void chunksHaveAtLeastOneByte() {
        assertThatThrownBy(() -> new VersionRecords(0))
                .hasMessage(
                        "Chunk size (0 bytes) must be at least 1. Maybe use 900000, the default.");
    }
}
