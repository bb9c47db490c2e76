package io.flinkpeft.kafka.topic;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Where an adapter topic is, and how to reach it.
 *
 * <pre>{@code
 * var topic = AdapterTopic.at("localhost:9092", "adapters");
 * AdapterTopics.createIfMissing(topic, 4, (short) 3);
 * }</pre>
 *
 * @param servers host:port of brokers, separated by commas
 * @param name the topic's name
 * @param properties more settings of Kafka clients, such as {@code security.protocol}; values may
 *     be secrets and never show in {@link #toString}
 * @param connectTimeout how long to wait for a broker's first answer; default 30 s
 */
public record AdapterTopic(
        String servers, String name, Map<String, String> properties, Duration connectTimeout)
        implements Serializable {

    /** The default of {@code connectTimeout}. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * How long a writer's clients wait before they ask again the first time; then ever longer. A
     * producer that starts always waits once, as it knows no broker yet.
     */
    private static final int RETRY_MILLIS = 20;

    public AdapterTopic {
        properties = Map.copyOf(properties);
        if (servers.isBlank()) {
            throw new IllegalArgumentException(
                    "bootstrap.servers (" + servers + ") must name a broker as host:port.");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("topic (" + name + ") must not be empty.");
        }
        if (connectTimeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "Connect timeout (" + connectTimeout + ") must be at least 1 ms.");
        }
    }

    /** A topic that needs no more settings. */
    public static AdapterTopic at(String servers, String name) {
        return new AdapterTopic(servers, name, Map.of(), CONNECT_TIMEOUT);
    }

    /** The same topic with another time to wait for a broker's first answer. */
    public AdapterTopic withConnectTimeout(Duration timeout) {
        return new AdapterTopic(servers, name, properties, timeout);
    }

    Map<String, Object> consumerConfig(Isolation isolation) {
        Map<String, Object> config = clientConfig();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.text());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // an offset that is gone means that the topic must be read anew, not from somewhere
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return config;
    }

    Map<String, Object> producerConfig(String transactionalId) {
        Map<String, Object> config = adminConfig();
        // no setting of producers
        config.remove(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis());
        return config;
    }

    /** That of who asks for a writer. */
    Map<String, Object> adminConfig() {
        Map<String, Object> config = clientConfig();
        config.putIfAbsent(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, RETRY_MILLIS);
        return config;
    }

    Map<String, Object> clientConfig() {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
        config.putIfAbsent(
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis(), 30_000));
        return config;
    }

    /** Whether a failure is the connection's, so that it says nothing of a topic. */
    static boolean isUnreachable(Throwable cause) {
        return cause instanceof TimeoutException || cause instanceof AuthenticationException;
    }

    /** What a user is told of such a failure; Kafka's own words hold no password. */
    IllegalStateException unreachable(Throwable cause) {
        String kafka = "Kafka at bootstrap.servers (" + servers + ") must ";
        return new IllegalStateException(
                cause instanceof AuthenticationException
                        ? kafka
                                + "let this client in. Kafka says: "
                                + cause.getMessage()
                                + ". Maybe its settings have another password, or another"
                                + " mechanism."
                        : kafka
                                + "answer within "
                                + connectTimeout.toMillis()
                                + " ms. Maybe it is down, or the address is another.",
                cause);
    }

    /** The topic, and the names of its properties without their values. */
    @Override
    public String toString() {
        return name + " at " + servers + " with " + new TreeSet<>(properties.keySet());
    }

    private int millis() {
        return (int) Math.min(Integer.MAX_VALUE, connectTimeout.toMillis());
    }
}
