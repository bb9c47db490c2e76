package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The time that a start may take: from one step to the next, not in all. */
class BootstrapTimeoutITCase {

    private static final int VERSIONS = 6;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STEP = TIMEOUT.dividedBy(4);

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private AdapterTopic topic;

    @BeforeEach
    void aTopicOfSomeVersions() {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
        try (var writer = new AdapterTopicWriter(topic, "writer-" + topic.name())) {
            for (int i = 0; i < VERSIONS; i++) {
                writer.publish(RandomVersions.version("a" + i, 1, 10));
            }
        }
    }

    @Test
    @Timeout(600) // against a hang
    void aStartThatIsSlowAndSteadyEnds() throws Exception {
        var loading = new Loading();
        try (var source = KafkaVersionSource.of(topic)) {
            source.start(loading);
            var steps = new Thread(() -> allowSlowly(loading));
            steps.start();
            long before = System.nanoTime();
            source.awaitBootstrap(TIMEOUT);
            assertThat(System.nanoTime() - before).isGreaterThan(TIMEOUT.toNanos());
            steps.join();
        }
    }

    @Test
    @Timeout(600)
    void aStartThatStopsAmidItsWorkIsNamed() {
        var loading = new Loading();
        loading.allowed.release(VERSIONS / 2);
        try (var source = KafkaVersionSource.of(topic)) {
            source.start(loading);
            assertThatThrownBy(() -> source.awaitBootstrap(TIMEOUT))
                    .hasMessage(
                            "Versions of topic "
                                    + topic.name()
                                    + " at "
                                    + topic.servers()
                                    + " must go on being read within PT2S: versions of topic "
                                    + topic.name()
                                    + " are loaded.");
            loading.allowed.release(VERSIONS);
        }
    }

    private static void allowSlowly(Loading loading) {
        try {
            for (int i = 0; i < VERSIONS; i++) {
                Thread.sleep(STEP.toMillis());
                loading.allowed.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A listener that takes a version when it is allowed to, as an engine that loads it would. */
    private static final class Loading implements VersionSource.Listener {

        private final Semaphore allowed = new Semaphore(0);

        @Override
        public void current(AdapterVersion version) {
            allowed.acquireUninterruptibly();
        }

        @Override
        public void none(String adapterId, long step) {}

        @Override
        public void removed(String adapterId) {}

        @Override
        public void refused(String adapterId, String reason) {}

        @Override
        public void failed(Throwable cause) {}
    }
}
