package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesFileTest {

    private static final String SECRET = "not-to-be-seen";

    @TempDir private Path directory;

    @Test
    void aClientReadsTheValuesAndNobodyElseSeesThem() throws Exception {
        String file = write("sasl.jaas.config=" + SECRET + "\nclient.rack=r1\n");
        var settings = PropertiesFile.add(Map.of("client.id", "me"), "f", file);
        var topic = new AdapterTopic("localhost:1", "adapters", settings, Duration.ofSeconds(1));

        assertThat(settings.toString()).doesNotContain(SECRET).doesNotContain("r1");
        assertThat(topic.toString())
                .doesNotContain(SECRET)
                .contains("sasl.jaas.config")
                .startsWith("adapters at localhost:1");
        var consumer = consumer(topic);
        assertThat(consumer.getPassword("sasl.jaas.config")).isEqualTo(new Password(SECRET));
        assertThat(consumer.getString("client.rack")).isEqualTo("r1");
        assertThat(consumer.getString("client.id")).isEqualTo("me");
    }

    @Test
    void whatIsSetBesideTheFileCounts() throws Exception {
        String file = write("client.id=file\nclient.rack=r1\n");
        var settings = PropertiesFile.add(Map.of("client.id", "me"), "f", file);
        assertThat(settings).containsEntry("client.id", "me").containsKey("client.rack");
    }

    @Test
    void otherProvidersStay() throws Exception {
        String variable = System.getenv().keySet().iterator().next();
        var before =
                Map.of(
                        "config.providers",
                        "env",
                        "config.providers.env.class",
                        "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                        "group.id",
                        "${env:" + variable + "}");
        var settings = PropertiesFile.add(before, "f", write("client.rack=r1"));
        var topic = new AdapterTopic("localhost:1", "adapters", settings, Duration.ofSeconds(1));
        assertThat(consumer(topic).getString("client.rack")).isEqualTo("r1");
        assertThat(consumer(topic).getString("group.id")).isEqualTo(System.getenv(variable));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "# only a comment\n", "a", "a=\\u00e9", "a:b=c"})
    void anyPropertiesFileWillDo(String text) throws Exception {
        assertThat(PropertiesFile.add(Map.of(), "f", write(text))).containsKey("config.providers");
    }

    @Test
    void whatCannotBeReadIsNamedWithoutItsContent() throws Exception {
        String missing = directory.resolve("missing").toString();
        assertThatThrownBy(() -> PropertiesFile.add(Map.of(), "versions.properties-file", missing))
                .hasMessage(
                        "versions.properties-file ("
                                + missing
                                + ") must be a Java properties file that can be read here:"
                                + " NoSuchFileException.");
        String broken = write("password=" + SECRET + "\\u00zz");
        assertThatThrownBy(() -> PropertiesFile.add(Map.of(), "f", broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> PropertiesFile.add(Map.of(), "f", "/a:b"))
                .hasMessage("f (/a:b) must be a path without : and }.");
        String nested = write("config.providers=env");
        assertThatThrownBy(() -> PropertiesFile.add(Map.of(), "f", nested))
                .hasMessage("f (" + nested + ") must not set config.providers. Set it beside it.");
    }

    private String write(String text) throws Exception {
        return Files.writeString(directory.resolve("kafka.properties"), text).toString();
    }

    private static ConsumerConfig consumer(AdapterTopic topic) {
        var config = topic.consumerConfig(Isolation.READ_COMMITTED);
        config.put("key.deserializer", ByteArrayDeserializer.class);
        config.put("value.deserializer", ByteArrayDeserializer.class);
        return new ConsumerConfig(config);
    }
}
