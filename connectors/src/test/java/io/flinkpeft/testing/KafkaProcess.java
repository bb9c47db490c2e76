package io.flinkpeft.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real Kafka broker in a JVM of its own, which can be killed in the middle of its work and come
 * back on the same data and port. It runs on this JVM's class path.
 */
public final class KafkaProcess implements AutoCloseable {

    private final BrokerDirectory directory;
    private JavaProcess process;

    private KafkaProcess(BrokerDirectory directory) {
        this.directory = directory;
    }

    /** Starts a broker in a directory and waits until it answers. */
    public static KafkaProcess start(Path directory) throws IOException {
        var kafka = new KafkaProcess(BrokerDirectory.of(directory));
        kafka.start();
        return kafka;
    }

    /** Host and port, the same after a restart. */
    public String bootstrapServers() {
        return directory.bootstrapServers();
    }

    /** Creates a topic and waits until it can be used. */
    public void createTopic(String name, int partitions, Map<String, String> config) {
        Topics.create(bootstrapServers(), name, partitions, config);
    }

    /** Ends the broker as a power failure would: SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** Starts a broker that was killed on the same data and port, and waits until it answers. */
    public void start() throws IOException {
        Path log = directory.path().resolve("broker.log");
        process =
                JavaProcess.start(
                        log,
                        environment -> {},
                        List.of(
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "kafka.Kafka",
                                directory.file().toString()));
        Topics.awaitBroker(bootstrapServers(), process::checkAlive);
    }

    /** Kills the broker if it runs, and starts it on the same data and port. */
    public void restart() throws IOException {
        kill();
        start();
    }

    @Override
    public void close() {
        process.close();
    }
}
