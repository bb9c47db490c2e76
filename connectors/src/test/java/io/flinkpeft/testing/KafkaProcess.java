package io.flinkpeft.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Kafka broker in a JVM of its own, which can be killed in the middle of its work and come
 * back on the same data and port. It runs on this JVM's class path.
 */
public final class KafkaProcess implements AutoCloseable {

    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final BrokerDirectory directory;
    private Process process;

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
        await(process.destroyForcibly());
    }

    /** Kills the broker if it runs, and starts it on the same data and port. */
    public void restart() throws IOException {
        kill();
        start();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private void start() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL_JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "kafka.Kafka"));
        command.add(directory.file().toString());
        Path log = directory.path().resolve("broker.log");
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        Topics.awaitBroker(bootstrapServers(), () -> checkAlive(log));
    }

    private void checkAlive(Path log) {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "Broker ended with status " + process.exitValue() + ". Maybe see " + log);
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
