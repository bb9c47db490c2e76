package io.flinkpeft.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What a test asks of a broker before its clients start. */
final class Topics {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private Topics() {}

    static void create(String servers, String name, int partitions, Map<String, String> config) {
        try (Admin admin = admin(servers)) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
                    .all()
                    .get();
            // the controller has it; the broker learns of it a little later
            until("topic " + name, () -> leads(admin, name, partitions));
        } catch (ExecutionException e) {
            throw new IllegalStateException("Topic " + name + " was not created.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a broker answers; the check throws if it never will. */
    static void awaitBroker(String servers, Runnable check) {
        until(
                "broker " + servers,
                () -> {
                    check.run();
                    try (Admin admin = admin(servers)) {
                        return !admin.describeCluster().nodes().get().isEmpty();
                    }
                });
    }

    /**
     * Whether the leader of each partition takes records. One that is named may not know yet; the
     * first batch of an idempotent producer would then be refused, the next ones taken, and the
     * first refused for ever.
     */
    private static boolean leads(Admin admin, String name, int partitions)
            throws InterruptedException, ExecutionException {
        var ends = new HashMap<TopicPartition, OffsetSpec>();
        for (int i = 0; i < partitions; i++) {
            ends.put(new TopicPartition(name, i), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().get().size() == partitions;
    }

    private static Admin admin(String servers) {
        return Admin.create(
                Map.of(
                        "bootstrap.servers", servers,
                        "request.timeout.ms", "5000",
                        "default.api.timeout.ms", "10000",
                        "reconnect.backoff.max.ms", "100"));
    }

    private interface Question {
        boolean answer() throws InterruptedException, ExecutionException;
    }

    private static void until(String what, Question question) {
        Waiting.until(
                what,
                LIMIT,
                () -> {
                    try {
                        return question.answer();
                    } catch (ExecutionException notYet) {
                        return false;
                    }
                });
    }
}
