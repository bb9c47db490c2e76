package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.flink.config.TrainingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fuzzer found: each fault is refused when the job is built, under the option's name. */
class RefusedOptionsTest {

    private static final List<String> REQUIRED =
            List.of(
                    "--model", "m",
                    "--examples.topics", "t",
                    "--kafka.bootstrap-servers", "k:1",
                    "--adapters.topic", "a",
                    "--dead-letters.topic", "d");

    @TempDir private Path dir;

    private static void build(String... more) throws IOException {
        var args = new ArrayList<>(REQUIRED);
        for (int i = 0; i < more.length; i += 2) {
            int place = args.indexOf(more[i]);
            if (place >= 0) {
                args.subList(place, place + 2).clear();
            }
            args.addAll(List.of(more[i], more[i + 1]));
        }
        ContinualFineTuneJob.of(args.toArray(String[]::new))
                .addTo(StreamExecutionEnvironment.getExecutionEnvironment(new Configuration()));
    }

    @ParameterizedTest
    @CsvSource({
        "train.label-wait, 3652501 d, must be at most 3652500 d.",
        "train.id-horizon, 9223372036854775807 ms, must be at most 3652500 d.",
        "train.out-of-orderness, PT2562047788015215H, must be at most 3652500 d.",
        "train.batch-interval, PT2562047788015215H, must be at most 3652500 d.",
        "adapters.ttl, PT2562047788015215H, must be at most 3652500 d.",
        "examples.max-ahead, PT2562047788015215H, must be at most 3652500 d.",
        "examples.max-drift, PT2562047788015215H, must be at most 3652500 d.",
        "examples.idle-after, 36526 d, must be at most 36525 d.",
        "examples.idle-after, 0 s, must be at least 1 ms.",
        "adapters.transaction-timeout, 25 d, must be at least 1 ms and at most 24 d.",
        "examples.parallelism, 0, must be at least 1.",
        "train.learning-rate, 1e7, must be more than 0 and at most 1e6.",
        "head.learning-rate, 1e7, must be at least 0 and at most 1e6.",
        "train.epsilon, 1e7, must be more than 0 and at most 1e6.",
        "adapters.partitions, 0, must be at least 1.",
        "adapters.replication, 65537, 'must be -1, or 1 to 32767.'",
        "examples.default-adapter, '', examples.default-adapter: Adapter",
        "kafka.bootstrap-servers, ' ', must not be blank.",
        "examples.topics, '', must not be blank.",
        "examples.topics, a;;b, must not be blank.",
        "peft.bottleneck.reduction, ten, Could not parse value 'ten' for key",
        "head.cloze, {}, head.cloze: Cloze"
    })
    void aValueIsRefusedUnderItsName(String key, String value, String message) {
        assertThatThrownBy(() -> build("--train.order", "event-time", "--" + key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(message);
    }

    @Test
    void aMethodsRefusalNamesTheOptionsThatWereGiven() {
        assertThatThrownBy(() -> build("--peft.method", "adalora", "--peft.adalora.tinit", "-1"))
                .hasMessage(
                        "tinit (-1) must be at least 0. It comes of peft.adalora.tinit (-1),"
                                + " peft.method (adalora).");
    }

    @Test
    void listsInListsWithoutEndAreRefused() {
        assertThatThrownBy(() -> build("--head.labels", "[".repeat(20_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("head.labels");
    }

    @Test
    void anOptionIsGivenOnce() {
        assertThatThrownBy(() -> JobArguments.parse("--versions.keep", "3", "--versions.keep", "4"))
                .hasMessage("--versions.keep must be given once, is given as 3 and as 4.");
        assertThatThrownBy(
                        () ->
                                JobArguments.parse(
                                        "--kafka.properties", "a:b", "--kafka.properties.c", "d"))
                .hasMessage("--kafka.properties must not be given beside kafka.properties.c.");
    }

    @ParameterizedTest
    @CsvSource({
        "model:, must have a value or a list of values at model: null",
        "'model: [a, [b]]', 'must have a value or a list of values at model: [b]'",
        "'train: {seed: 1}\ntrain.seed: 2', must have train.seed once.",
        "'\tmodel: a', must be YAML:"
    })
    void aFileIsRefusedByItsName(String yaml, String message) throws IOException {
        Path file = Files.writeString(dir.resolve("job.yaml"), yaml);
        assertThatThrownBy(() -> JobArguments.parse("--config", file.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--config (" + file + ") " + message);
    }

    @Test
    void aSecretThatIsGivenTwiceIsNotSaidAgain() {
        String option = "--kafka.properties.sasl.jaas.config";
        assertThatThrownBy(() -> JobArguments.parse(option, "secret", option, "password"))
                .hasMessage(option + " must be given once.");
    }

    /** What Flink says of it has the whole value. */
    @Test
    void propertiesThatAreNoneAreNotSaidAgain() {
        assertThatThrownBy(
                        () ->
                                JobArguments.parse(
                                        "--kafka.properties", "sasl.jaas.config=a password=secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--kafka.properties must be pairs, such as key:value,key:value.")
                .hasNoCause();
    }

    @Test
    void aFileThatIsNoTextOrHasNoEndIsRefusedByItsName() throws IOException {
        Path latin =
                Files.write(
                        dir.resolve("latin"), "model=\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Path escape = Files.writeString(dir.resolve("escape"), "model=\\uzz");
        Path deep = Files.writeString(dir.resolve("deep.yaml"), "model: " + "[".repeat(20_000));
        Path groups =
                Files.writeString(
                        dir.resolve("groups.yaml"), "{a: ".repeat(30) + "1" + "}".repeat(30));
        for (String file :
                List.of(
                        latin.toString(),
                        escape.toString(),
                        deep.toString(),
                        groups.toString(),
                        "a\u0000b")) {
            assertThatThrownBy(() -> JobArguments.parse("--config", file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--config (" + file + ") must");
        }
    }

    @Test
    void anElementOfAListMayHoldWhatSeparatesThem() throws IOException {
        Path file =
                Files.writeString(dir.resolve("job.yaml"), "head.labels: [\"a;b\", \"it's\", c]");
        assertThat(JobArguments.parse("--config", file.toString()).get(TrainingOptions.HEAD_LABELS))
                .containsExactly("a;b", "it's", "c");
    }
}
