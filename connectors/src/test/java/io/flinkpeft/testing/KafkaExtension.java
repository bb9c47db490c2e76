package io.flinkpeft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One broker for all test classes of a JVM, started by the first that asks and stopped at the end.
 *
 * <pre>{@code
 * @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
 * }</pre>
 *
 * <p>Classes share it, so each test takes topics of its own from {@link #newTopic}.
 */
public final class KafkaExtension implements BeforeAllCallback {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    private SharedBroker broker;

    @Override
    public void beforeAll(ExtensionContext context) {
        broker =
                context.getRoot()
                        .getStore(ExtensionContext.Namespace.GLOBAL)
                        .getOrComputeIfAbsent(SharedBroker.class);
    }

    /** Host and port. */
    public String bootstrapServers() {
        return broker.kafka.bootstrapServers();
    }

    /**
     * Host and port of the same broker for clients that name themselves as {@link SaslUser} does.
     */
    public String saslServers() {
        return broker.kafka.saslServers();
    }

    /** Creates a topic with a name that no other test has. */
    public String newTopic(int partitions, Map<String, String> config) {
        String name = newName();
        broker.kafka.createTopic(name, partitions, config);
        return name;
    }

    /** Creates a topic of this name, which no other test may have. */
    public void createTopic(String name, int partitions) {
        broker.kafka.createTopic(name, partitions, Map.of());
    }

    /** A name that no topic has. */
    public String newName() {
        return "topic-" + TOPICS.incrementAndGet();
    }

    static final class SharedBroker implements ExtensionContext.Store.CloseableResource {

        private final Path directory;
        private final EmbeddedKafka kafka;

        SharedBroker() {
            try {
                directory = Files.createTempDirectory("kafka");
                kafka = EmbeddedKafka.start(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            kafka.close();
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
