package io.flinkpeft.kafka.topic;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates adapter topics, and checks that a topic can be one. */
public final class AdapterTopics {

    /** The settings of a topic that is created. */
    private static final Map<String, String> CONFIG =
            Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
                    // the segment that is written to is not compacted: small ones close soon
                    TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(64 << 20),
                    TopicConfig.SEGMENT_MS_CONFIG, Integer.toString(60 * 60 * 1000),
                    TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Integer.toString(24 * 60 * 60 * 1000),
                    // a chunk with the longest headers, and room for larger ones
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(2 << 20));

    private AdapterTopics() {}

    /**
     * Creates the topic and waits until it takes records, or checks the one that is there.
     *
     * @param partitions how many; those that are added later get no adapters
     * @param replication copies of each; -1 for the brokers' default
     * @throws IllegalStateException if it is there and not compacted, or Kafka does not answer
     */
    public static void createIfMissing(AdapterTopic topic, int partitions, short replication) {
        var wanted = new NewTopic(topic.name(), partitions, replication).configs(CONFIG);
        try (Admin admin = Admin.create(topic.clientConfig())) {
            TopicCreation.create(admin, wanted, topic.connectTimeout());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw failed(topic, "must be created at ", e.getCause());
            }
            check(topic);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Checks that the topic is there and keeps the newest record of each key.
     *
     * @throws IllegalStateException if not, or Kafka does not answer
     */
    public static void check(AdapterTopic topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        try (Admin admin = Admin.create(topic.clientConfig())) {
            String policy =
                    admin.describeConfigs(List.of(resource))
                            .all()
                            .get()
                            .get(resource)
                            .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                            .value();
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new IllegalStateException(
                        "Topic "
                                + topic.name()
                                + " has cleanup.policy ("
                                + policy
                                + "), must have compact, or adapters vanish from it with time."
                                + " Maybe use another topic.");
            }
        } catch (ExecutionException e) {
            throw failed(topic, "must exist at ", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException failed(AdapterTopic topic, String must, Throwable cause) {
        if (AdapterTopic.isUnreachable(cause)) {
            return topic.unreachable(cause);
        }
        String why =
                cause instanceof UnknownTopicOrPartitionException
                        ? "Maybe create it."
                        : "Kafka says: " + cause.getMessage();
        return new IllegalStateException(
                "Adapter topic (" + topic.name() + ") " + must + topic.servers() + ". " + why,
                cause);
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while waiting for Kafka.", e);
    }
}
