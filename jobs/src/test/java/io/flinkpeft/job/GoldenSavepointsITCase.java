package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every release goes on with the savepoints of those before it, as they would have: the same
 * versions, byte for byte.
 *
 * <p>Byte for byte where the device computes as the one did that wrote them. Where it does not (the
 * state says so, by a digest of its arithmetic), the restore must be allowed by {@code
 * train.numerics = allow-change}; then values are compared within {@link #TOLERANCE}, and only the
 * versions that waited in the state for their publication have the same bytes still.
 *
 * <p>A version's bytes name the model as the option does. So where the model lies elsewhere values
 * are compared too, but without a tolerance.
 *
 * <p>{@link GoldenSavepointsWriter} writes the savepoints.
 */
class GoldenSavepointsITCase {

    /** Of a tensor's largest value. */
    private static final double TOLERANCE = 1e-4;

    private static final Set<String> TOPICS = new HashSet<>();

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(3)
                            .build());

    @TempDir private static Path temporary;

    static List<GoldenRelease> releases() throws Exception {
        return GoldenRelease.all();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void aCanonicalSavepointGoesOnAsItWouldHave(GoldenRelease release) throws Exception {
        assertGoesOn(release, "canonical", "rocksdb", 3);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("releases")
    void aNativeSavepointGoesOnAsItWouldHave(GoldenRelease release) throws Exception {
        assertGoesOn(release, "rocksdb", "rocksdb", 2);
        assertGoesOn(release, "hashmap", "hashmap", 1);
    }

    private void assertGoesOn(
            GoldenRelease release, String savepoint, String backend, int parallelism)
            throws Exception {
        var expected = release.expected();
        var job = restored(release, savepoint, backend, parallelism);
        var versions = job.versions();
        assertThat(versions.keySet()).isEqualTo(expected.sha256().keySet());
        for (var version : versions.entrySet()) {
            if (expected.made(version.getValue())) {
                String sha256 = expected.sha256().get(version.getKey());
                assertThat(version.getValue().sha256()).as(version.getKey()).isEqualTo(sha256);
            } else {
                assertClose(job.fetch(version.getValue()), release, TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void theModelMayLieElsewhere(GoldenRelease release) throws Exception {
        Path model = Files.createTempDirectory(temporary, "model");
        try (Stream<Path> files = Files.list(TinyModels.bert())) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        var expected = release.expected();
        var job = restored(release, "canonical", "hashmap", 2, "--model", model.toString());
        var versions = job.versions();
        assertThat(versions.keySet()).isEqualTo(expected.sha256().keySet());
        for (var last : job.current()) {
            assertClose(job.fetch(last), release, expected.made(last) ? 0 : TOLERANCE);
        }
    }

    /** A job that was restored, has read to the end, and was stopped. */
    private GoldenJob restored(
            GoldenRelease release,
            String savepoint,
            String backend,
            int parallelism,
            String... more)
            throws Exception {
        var flink = new Configuration();
        String path = release.savepoint(savepoint).toUri().toString();
        flink.set(StateRecoveryOptions.SAVEPOINT_PATH, path);
        flink.set(StateBackendOptions.STATE_BACKEND, backend);
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        var job = job(release, more);
        var client = job.start(flink, parallelism);
        try {
            job.awaitEnd(client);
            client.stopWithSavepoint(true, temporary.toString(), SavepointFormatType.CANONICAL)
                    .get(1, TimeUnit.MINUTES);
        } finally {
            client.cancel(); // where it failed
        }
        return job;
    }

    /** Its examples lie in a topic whose name the state knows. */
    private static GoldenJob job(GoldenRelease release, String... more) throws IOException {
        if (TOPICS.add(release.topic())) {
            KAFKA.createTopic(release.topic(), release.partitions());
            new TopicRecords(KAFKA.bootstrapServers()).send(release.topic(), release.records());
        }
        var job = new GoldenJob(KAFKA, release, more);
        if (job.numerics().equals(release.expected().numerics())) {
            return job;
        }
        var allowing = new ArrayList<>(List.of(more));
        allowing.addAll(List.of("--train.numerics", "allow-change"));
        return new GoldenJob(KAFKA, release, allowing.toArray(String[]::new));
    }

    private static void assertClose(AdapterVersion version, GoldenRelease release, double tolerance)
            throws IOException {
        var actual = SafetensorsFile.of(version.payload());
        var expected = SafetensorsFile.of(release.version(version.name()));
        assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
        for (var tensor : expected.tensors().values()) {
            float[] values = tensor.toFloats();
            float largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(actual.tensor(tensor.name()).toFloats())
                    .as("%s of %s", tensor.name(), version.name())
                    .containsExactly(values, within((float) (tolerance * largest)));
        }
    }
}
