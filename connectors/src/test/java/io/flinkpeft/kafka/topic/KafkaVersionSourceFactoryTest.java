package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.serve.VersionSourceFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaVersionSourceFactoryTest {

    private final VersionSourceFactory factory = new KafkaVersionSourceFactory();
    private final Map<String, String> options =
            new HashMap<>(Map.of("bootstrap.servers", "localhost:1", "topic", "adapters"));

    @Test
    void theServiceLoaderFindsIt() {
        assertThat(ServiceLoader.load(VersionSourceFactory.class))
                .extracting(VersionSourceFactory::identifier)
                .contains("kafka");
    }

    @Test
    void theDefaultsAreTheSourcesOwn() {
        var source = factory.open(options);
        assertThat(source)
                .usingRecursiveComparison()
                .ignoringFields("caughtUp")
                .isEqualTo(KafkaVersionSource.of(AdapterTopic.at("localhost:1", "adapters")));
    }

    @Test
    void everyOptionArrives(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("kafka.properties"), "client.rack=r1\n");
        options.put("isolation", "read_uncommitted");
        options.put("max-version-bytes", "10");
        options.put("max-pending-bytes", "20");
        options.put("connect-timeout-millis", "30");
        options.put("properties.client.id", "me");
        options.put("properties-file", file.toString());
        assertThat(options.keySet().stream().map(key -> key.replace("client.id", "*")))
                .hasSize(factory.requiredOptions().size() + factory.optionalOptions().size())
                .containsAll(factory.requiredOptions())
                .containsAll(factory.optionalOptions());
        var topic =
                new AdapterTopic(
                        "localhost:1",
                        "adapters",
                        PropertiesFile.add(Map.of("client.id", "me"), "file", file.toString()),
                        Duration.ofMillis(30));
        assertThat(factory.open(options))
                .usingRecursiveComparison()
                .ignoringFields("caughtUp")
                .isEqualTo(
                        new KafkaVersionSource(
                                topic, Isolation.READ_UNCOMMITTED, new VersionLimits(10, 20)));
    }

    @Test
    void aSettingOfTheSubscriptionIsRefusedInAFileToo(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "isolation.level=read_committed");
        refuses(
                "properties-file",
                file.toString(),
                "versions.properties.isolation.level must not be set, the subscription sets it."
                        + " Maybe an option of its own is meant, such as versions.isolation.");
    }

    @Test
    void wrongValuesAreNamed() {
        refuses("topic", " ", "versions.topic ( ) must be set.");
        refuses("bootstrap.servers", null, "versions.bootstrap.servers (null) must be set.");
        refuses(
                "isolation",
                "some",
                "versions.isolation (some) must be one of [read_committed, read_uncommitted]."
                        + " Maybe leave it out.");
        refuses(
                "max-version-bytes",
                "1 MB",
                "versions.max-version-bytes (1 MB) must be a whole number. Maybe use 268435456,"
                        + " the default.");
        refuses("max-version-bytes", "0", "versions.max-version-bytes (0) must be at least 1.");
        refuses(
                "max-pending-bytes",
                "5",
                "versions.max-pending-bytes (5) must be at least versions.max-version-bytes"
                        + " (268435456).");
        refuses("connect-timeout-millis", "0", "Connect timeout (PT0S) must be at least 1 ms.");
        refuses(
                "properties.isolation.level",
                "read_committed",
                "versions.properties.isolation.level must not be set, the subscription sets it."
                        + " Maybe an option of its own is meant, such as versions.isolation.");
    }

    private void refuses(String key, String value, String message) {
        var wrong = new HashMap<>(options);
        wrong.put(key, value);
        assertThatThrownBy(() -> factory.open(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
