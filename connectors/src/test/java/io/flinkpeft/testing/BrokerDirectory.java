package io.flinkpeft.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * The directory of a single-node broker: its settings and its data. A directory that has settings
 * keeps them, ports included, so that a broker can come back to its clients.
 */
record BrokerDirectory(Path path, Properties settings) {

    private static final String PORT = "flinkpeft.port";
    private static final String SASL_PORT = "flinkpeft.sasl-port";

    static BrokerDirectory of(Path path) throws IOException {
        Path file = file(path);
        var settings = new Properties();
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                settings.load(in);
            }
            return new BrokerDirectory(path, settings);
        }
        Files.createDirectories(path);
        settings.putAll(fresh(path));
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        format(file);
        return new BrokerDirectory(path, settings);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + settings.getProperty(PORT);
    }

    /** Where it asks for the name and the password of {@link SaslUser}. */
    String saslServers() {
        return "127.0.0.1:" + settings.getProperty(SASL_PORT);
    }

    Path file() {
        return file(path);
    }

    private static Path file(Path path) {
        return path.resolve("server.properties");
    }

    private static Map<String, String> fresh(Path path) {
        int port = Ports.free();
        int sasl = Ports.free();
        int controller = Ports.free();
        String listeners = "PLAINTEXT://127.0.0.1:" + port + ",SASL_PLAINTEXT://127.0.0.1:" + sasl;
        var settings = new TreeMap<String, String>();
        settings.put(PORT, Integer.toString(port));
        settings.put(SASL_PORT, Integer.toString(sasl));
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("listeners", listeners + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", listeners);
        settings.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.sasl_plaintext.plain.sasl.jaas.config", SaslUser.ofTheBroker());
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("log.dirs", path.resolve("data").toString());
        settings.put("auto.create.topics.enable", "false");
        settings.putAll(oneReplica());
        settings.putAll(small());
        settings.putAll(quick());
        return settings;
    }

    private static Map<String, String> oneReplica() {
        return Map.of(
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1");
    }

    private static Map<String, String> small() {
        return Map.of(
                "num.io.threads", "2",
                "num.network.threads", "1",
                "background.threads", "1",
                "num.recovery.threads.per.data.dir", "1",
                "log.cleaner.threads", "1",
                "log.cleaner.dedupe.buffer.size", "2097152");
    }

    private static Map<String, String> quick() {
        return Map.of(
                // a broker that was killed can register again only after this; a busy machine must
                // still keep it
                "broker.session.timeout.ms", "4000",
                "broker.heartbeat.interval.ms", "400",
                "controller.quorum.election.timeout.ms", "300",
                "controller.quorum.fetch.timeout.ms", "1000",
                "controller.quorum.election.backoff.max.ms", "200",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.backoff.ms", "200",
                "log.initial.task.delay.ms", "100",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    }

    private static void format(Path file) {
        var output = new ByteArrayOutputStream();
        String[] command = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        int status = StorageTool.execute(command, new PrintStream(output, true));
        if (status != 0) {
            throw new UncheckedIOException(
                    new IOException("Broker storage was not formatted: " + output));
        }
    }
}
