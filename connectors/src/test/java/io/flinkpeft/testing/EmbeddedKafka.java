package io.flinkpeft.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker in this JVM: one node, broker and controller in one.
 *
 * <pre>{@code
 * try (var kafka = EmbeddedKafka.start(directory)) {
 *     kafka.createTopic("examples", 4, Map.of());
 *     ... kafka.bootstrapServers() ...
 * }
 * }</pre>
 *
 * <p>Its data and its port belong to the directory: {@link #restart} and another {@link #start}
 * there go on where the last one ended. For a broker that can be killed see {@link KafkaProcess}.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private final BrokerDirectory directory;
    private KafkaRaftServer server;

    private EmbeddedKafka(BrokerDirectory directory) {
        this.directory = directory;
    }

    /** Starts a broker in a directory, which is made if it does not exist. */
    public static EmbeddedKafka start(Path directory) throws IOException {
        var kafka = new EmbeddedKafka(BrokerDirectory.of(directory));
        kafka.start();
        return kafka;
    }

    /** Host and port, the same after a restart. */
    public String bootstrapServers() {
        return directory.bootstrapServers();
    }

    /** Host and port for clients that name themselves as {@link SaslUser} does. */
    public String saslServers() {
        return directory.saslServers();
    }

    /** Creates a topic and waits until it can be used. */
    public void createTopic(String name, int partitions, Map<String, String> config) {
        Topics.create(bootstrapServers(), name, partitions, config);
    }

    /** Stops the broker; {@link #restart} brings it back. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Stops the broker if it runs, and starts it on the same data and port. */
    public void restart() {
        stop();
        start();
    }

    @Override
    public void close() {
        stop();
    }

    private void start() {
        server = new KafkaRaftServer(new KafkaConfig(directory.settings(), false), Time.SYSTEM);
        server.startup();
    }
}
