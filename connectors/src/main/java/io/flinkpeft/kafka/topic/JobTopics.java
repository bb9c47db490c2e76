package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of a training job as they are before it starts. What is wrong with one would else be
 * found by the first record that needs it, or by a task.
 *
 * <p>Each method throws {@link IllegalStateException} if Kafka does not answer, or refuses.
 */
public final class JobTopics implements AutoCloseable {

    /** A dead letter of the longest payload, and its headers. */
    private static final int DEAD_LETTER_BYTES = 1_000_000;

    private final AdapterTopic adapters;
    private final Admin admin;

    /** An adapter topic, and others of its adapters. */
    public JobTopics(AdapterTopic adapters) {
        this.adapters = adapters;
        try {
            this.admin = Admin.create(adapters.clientConfig());
        } catch (KafkaException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw refused("Kafka's settings must be right", reason);
        }
    }

    /**
     * Checks that topics are there.
     *
     * @param option what names them, for messages
     * @throws IllegalStateException if one is not
     */
    public void check(String option, Collection<String> topics) {
        for (String topic : topics) {
            String what = topic(option, topic) + " must exist at " + adapters.servers();
            if (find(what, admin.describeTopics(List.of(topic)).allTopicNames()).isEmpty()) {
                throw new IllegalStateException(what + ". Maybe create it.");
            }
        }
    }

    /**
     * Creates the topic of dead letters, of one partition, or checks the one that is there.
     *
     * @throws IllegalStateException if it does not take every dead letter
     */
    public void prepareDeadLetters(String option, String topic) {
        String what = topic(option, topic);
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var described = admin.describeConfigs(List.of(resource)).all();
        var config = find(what + " must be readable", described).map(all -> all.get(resource));
        if (config.isPresent()) {
            checkDeadLetters(what, config.get());
        } else {
            var wanted = new NewTopic(topic, 1, (short) -1);
            find(
                    what + " must be created",
                    () -> {
                        TopicCreation.create(admin, wanted, adapters.connectTimeout());
                        return null;
                    });
        }
    }

    private static void checkDeadLetters(String what, Config config) {
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new IllegalStateException(
                    what
                            + " has cleanup.policy ("
                            + policy
                            + "), must not be compacted: it would refuse records without a key."
                            + " Maybe use another topic.");
        }
        String bytes = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
        if (Long.parseLong(bytes) < DEAD_LETTER_BYTES) {
            throw new IllegalStateException(
                    what
                            + " has max.message.bytes ("
                            + bytes
                            + "), must be at least "
                            + DEAD_LETTER_BYTES
                            + ", or a long record stops the job.");
        }
    }

    /** Those of the topics for which a consumer group has committed offsets. */
    public Set<String> committed(String group, Collection<String> topics) {
        var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata();
        var found = find("Consumer group (" + group + ") must be readable", offsets);
        var committed = new TreeSet<String>();
        found.orElse(Map.of())
                .forEach(
                        (partition, offset) -> {
                            if (offset != null && topics.contains(partition.topic())) {
                                committed.add(partition.topic());
                            }
                        });
        return committed;
    }

    /**
     * Who writes the adapter topic, for messages; empty if nobody claimed it, or it is not there.
     * Only a task knows whether that is the job whose state it was restored from. Reads partition
     * 0, as each new job does.
     */
    public Optional<String> writer() {
        String what = "Adapter topic (" + adapters.name() + ") must be readable";
        var described = admin.describeTopics(List.of(adapters.name())).allTopicNames();
        if (find(what, described).isEmpty()) {
            return Optional.empty();
        }
        try (var brokers = new TopicAdmin(adapters)) {
            WriterClaim claim = ClaimLog.committed(adapters, brokers.committedEnds());
            return Optional.ofNullable(claim).map(WriterClaim::holder);
        }
    }

    private static String topic(String option, String topic) {
        return option + ": topic (" + topic + ")";
    }

    /** What Kafka answers; empty if there is no such thing, or nothing to say of it. */
    private <T> Optional<T> find(String must, KafkaFuture<T> answer) {
        return find(must, answer::get);
    }

    private interface Answer<T> {
        T get() throws ExecutionException, InterruptedException;
    }

    private <T> Optional<T> find(String must, Answer<T> answer) {
        try {
            return Optional.ofNullable(answer.get());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException
                    || cause instanceof GroupIdNotFoundException
                    || cause instanceof TopicExistsException) {
                return Optional.empty();
            }
            if (AdapterTopic.isUnreachable(cause)) {
                throw adapters.unreachable(cause);
            }
            throw refused(must, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Kafka.", e);
        }
    }

    private static IllegalStateException refused(String must, Throwable cause) {
        return new IllegalStateException(must + ". Kafka says: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
