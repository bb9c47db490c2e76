package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.serve.VersionSourceFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * {@code versions = kafka}: adapter versions from an adapter topic.
 *
 * <pre>
 * versions.bootstrap.servers       host:port of brokers, separated by commas; required
 * versions.topic                   the adapter topic; required
 * versions.isolation               read_committed, the default, or read_uncommitted
 * versions.max-version-bytes       the largest payload accepted; default 268435456
 * versions.max-pending-bytes       the most bytes kept of versions that are not current;
 *                                  default 536870912
 * versions.connect-timeout-millis  how long to wait for a broker's first answer; default 30000
 * versions.properties-file         a file with more settings of the Kafka consumer: see {@link
 *                                  PropertiesFile}
 * versions.properties.*            more settings of the Kafka consumer
 * </pre>
 */
public final class KafkaVersionSourceFactory implements VersionSourceFactory {

    private static final String SERVERS = "bootstrap.servers";
    private static final String TOPIC = "topic";
    private static final String ISOLATION = "isolation";
    private static final String MAX_VERSION_BYTES = "max-version-bytes";
    private static final String MAX_PENDING_BYTES = "max-pending-bytes";
    private static final String CONNECT_TIMEOUT = "connect-timeout-millis";
    private static final String PROPERTIES_FILE = "properties-file";
    private static final String PROPERTIES = "properties.";

    /** Settings that the subscription makes itself. */
    private static final Set<String> OWN =
            Set.of(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                    ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);

    @Override
    public String identifier() {
        return "kafka";
    }

    @Override
    public Set<String> requiredOptions() {
        return Set.of(SERVERS, TOPIC);
    }

    @Override
    public Set<String> optionalOptions() {
        return Set.of(
                ISOLATION,
                MAX_VERSION_BYTES,
                MAX_PENDING_BYTES,
                CONNECT_TIMEOUT,
                PROPERTIES_FILE,
                PROPERTIES + "*");
    }

    @Override
    public VersionSource open(Map<String, String> options) {
        var timeout = number(options, CONNECT_TIMEOUT, AdapterTopic.CONNECT_TIMEOUT.toMillis());
        var topic =
                new AdapterTopic(
                        required(options, SERVERS),
                        required(options, TOPIC),
                        properties(options),
                        Duration.ofMillis(timeout));
        var limits =
                new VersionLimits(
                        number(options, MAX_VERSION_BYTES, VersionLimits.DEFAULT.versionBytes()),
                        number(options, MAX_PENDING_BYTES, VersionLimits.DEFAULT.pendingBytes()));
        return new KafkaVersionSource(topic, isolation(options), limits);
    }

    private static Isolation isolation(Map<String, String> options) {
        return Optional.ofNullable(options.get(ISOLATION))
                .map(text -> Isolation.parse("versions." + ISOLATION, text))
                .orElse(Isolation.READ_COMMITTED);
    }

    private static Map<String, String> properties(Map<String, String> options) {
        Map<String, String> properties = new HashMap<>();
        options.forEach(
                (key, value) -> {
                    if (key.startsWith(PROPERTIES)) {
                        properties.put(key.substring(PROPERTIES.length()), value);
                    }
                });
        var all =
                Optional.ofNullable(options.get(PROPERTIES_FILE))
                        .map(file -> fromFile(file, properties))
                        .orElse(properties);
        all.keySet().forEach(KafkaVersionSourceFactory::checkNotOwn);
        return all;
    }

    private static Map<String, String> fromFile(String file, Map<String, String> properties) {
        return PropertiesFile.add(properties, "versions." + PROPERTIES_FILE, file);
    }

    private static void checkNotOwn(String property) {
        if (OWN.contains(property)) {
            throw new IllegalArgumentException(
                    "versions.properties."
                            + property
                            + " must not be set, the subscription sets it. Maybe an option of its"
                            + " own is meant, such as versions.isolation.");
        }
    }

    private static String required(Map<String, String> options, String key) {
        String value = options.get(key);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("versions." + key + " (" + value + ") must be set.");
        }
        return value;
    }

    private static long number(Map<String, String> options, String key, long otherwise) {
        String text = options.getOrDefault(key, Long.toString(otherwise));
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "versions."
                            + key
                            + " ("
                            + text
                            + ") must be a whole number. Maybe use "
                            + otherwise
                            + ", the default.",
                    e);
        }
    }
}
