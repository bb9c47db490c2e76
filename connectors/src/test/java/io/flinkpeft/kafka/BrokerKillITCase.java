package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaProcess;
import io.flinkpeft.testing.RandomVersions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("nightly")
class BrokerKillITCase {

    private static final int ROUNDS = 30;
    private static final int ROUNDS_TO_A_KILL = 5;
    private static final int ADAPTERS = 20;

    @TempDir Path directory;

    @Test
    void everyVersionIsThereOnceWhenTheBrokerIsKilledWhileTheyAreWritten() throws Exception {
        try (var kafka = KafkaProcess.start(directory)) {
            AdapterTopic clean = publish(kafka, "clean", () -> {});
            AdapterTopic disturbed = publish(kafka, "disturbed", () -> restart(kafka));
            assertThat(CommittedRecords.of(disturbed)).isEqualTo(CommittedRecords.of(clean));
        }
    }

    /** Publishes every round, in some while something happens; goes on from the last state. */
    private static AdapterTopic publish(KafkaProcess kafka, String name, Runnable disturbance)
            throws Exception {
        var topic = AdapterTopic.at(kafka.bootstrapServers(), name);
        AdapterTopics.createIfMissing(topic, 2, (short) 1);
        var setup = PublishingJob.Setup.of(topic);
        var job = setup.start();
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                var state = job.put(versions(round)).snapshot(round);
                var disturbed = CompletableFuture.completedFuture((Void) null);
                if (round % ROUNDS_TO_A_KILL == 0) {
                    disturbed = CompletableFuture.runAsync(disturbance);
                }
                try {
                    job.complete(round);
                    disturbed.join();
                } catch (IllegalStateException e) {
                    disturbed.join();
                    job.close();
                    job = setup.restore(state);
                }
            }
            job.checkpoint(ROUNDS + 1);
        } finally {
            job.close();
        }
        return topic;
    }

    private static void restart(KafkaProcess kafka) {
        try {
            kafka.restart();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AdapterVersion[] versions(long step) {
        var versions = new AdapterVersion[ADAPTERS];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = RandomVersions.version("a" + i, step, 2_000);
        }
        return versions;
    }
}
