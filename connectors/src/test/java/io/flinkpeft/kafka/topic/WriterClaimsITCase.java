package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.testing.KafkaExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class WriterClaimsITCase {

    private static final int SUBTASKS = 64;

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @Test
    @Timeout(600) // against a hang
    void subtasksThatClaimAtOnceAllMayWrite() throws Exception {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
        var settings =
                new TopicWriter.Settings(
                        topic, "trainer", Duration.ofMinutes(1), TopicWriter.Takeover.REFUSED);
        var together = new CyclicBarrier(SUBTASKS);
        var threads = Executors.newFixedThreadPool(SUBTASKS);
        try {
            var claims = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < SUBTASKS; i++) {
                var nothing = TopicWriter.Before.NOTHING;
                var self = new TopicWriter("w1", "job", i, SUBTASKS, nothing);
                claims.add(threads.submit(() -> claim(settings, self, together)));
            }
            for (var claim : claims) {
                assertThat(claim.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whoLosesTheTransactionalIdAmidATransactionIsShutOut() {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
        var ids = new TransactionalIds("trainer", 1);
        var record =
                new WriterClaim("w1", "job", ids, TransactionalIds.NONE, List.of(), 1).record();
        try (var first = new TopicProducer(topic, "lock", Duration.ofMinutes(1))) {
            TopicPublisher.Content content =
                    out -> {
                        takeAway(topic);
                        out.accept(record);
                    };
            assertThatThrownBy(() -> first.write(1, content)).isInstanceOf(ShutOutException.class);
        }
    }

    private static void takeAway(AdapterTopic topic) {
        new TopicProducer(topic, "lock", Duration.ofMinutes(1)).close();
    }

    private static boolean claim(
            TopicWriter.Settings settings, TopicWriter self, CyclicBarrier together)
            throws Exception {
        try (var log = new KafkaTopicLog(settings.topic())) {
            var claims = new WriterClaims(settings, self, log);
            together.await();
            claims.claim();
            claims.check();
            return true;
        }
    }
}
