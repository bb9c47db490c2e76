package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.flink.config.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobArgumentsTest {

    private static final String[] REQUIRED = {
        "--model", "m",
        "--kafka.bootstrap-servers", "k:1",
        "--examples.topics", "t;u",
        "--adapters.topic", "a",
        "--dead-letters.topic", "d"
    };

    @TempDir private Path dir;

    @Test
    void argumentsAreTyped() throws IOException {
        Configuration options =
                JobArguments.parse(
                        "--examples.topics", "t;u",
                        "--examples.bounded", "true",
                        "--examples.start", "earliest",
                        "--examples.idle-after", "5 min",
                        "--kafka.properties.security.protocol", "SSL",
                        "--kafka.properties.ssl.truststore.location", "/trust",
                        "--train.learning-rate", "0.5");
        assertThat(options.get(JobOptions.EXAMPLE_TOPICS)).containsExactly("t", "u");
        assertThat(options.get(JobOptions.BOUNDED)).isTrue();
        assertThat(options.get(JobOptions.START)).isEqualTo(JobOptions.Start.EARLIEST);
        assertThat(options.get(JobOptions.IDLE_AFTER)).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.get(JobOptions.KAFKA_PROPERTIES))
                .isEqualTo(Map.of("security.protocol", "SSL", "ssl.truststore.location", "/trust"));
        assertThat(options.get(TrainingOptions.LEARNING_RATE)).isEqualTo(0.5);
    }

    @Test
    void aFileHoldsTheSameAndTheCommandLineOverrulesIt() throws IOException {
        Path yaml =
                Files.writeString(
                        dir.resolve("job.yaml"),
                        """
                        model: /models/minilm
                        examples:
                          topics: [t, u]
                        versions.keep: 3
                        train:
                          seed: 7
                        """);
        Path properties =
                Files.writeString(
                        dir.resolve("job.properties"),
                        "model=/models/minilm\nexamples.topics=t;u\nversions.keep=3\ntrain.seed=7");
        for (Path file : List.of(yaml, properties)) {
            Configuration options =
                    JobArguments.parse("--config", file.toString(), "--versions.keep", "4");
            assertThat(options.get(TrainingOptions.MODEL)).isEqualTo("/models/minilm");
            assertThat(options.get(JobOptions.EXAMPLE_TOPICS)).containsExactly("t", "u");
            assertThat(options.get(JobOptions.KEEP)).isEqualTo(4);
            assertThat(options.get(TrainingOptions.SEED)).isEqualTo(7);
        }
    }

    @Test
    void anUnknownOptionIsNamedWithThoseNearIt() {
        assertThatThrownBy(() -> JobArguments.parse("--versions.kept", "3"))
                .hasMessage("--versions.kept must be an option. Maybe one of versions.keep.");
        assertThatThrownBy(() -> JobArguments.parse("versions.keep", "3"))
                .hasMessage("Argument (versions.keep) must be an option such as --model.");
        assertThatThrownBy(() -> JobArguments.parse("--versions.keep"))
                .hasMessage("--versions.keep must have a value behind it.");
        assertThatThrownBy(() -> JobArguments.parse("--config", "/none.yaml"))
                .hasMessage("--config (/none.yaml) must be a file.");
    }

    @Test
    void whatIsRequiredIsNamed() throws IOException {
        ContinualFineTuneJob.of(REQUIRED);
        for (int i = 0; i < REQUIRED.length; i += 2) {
            var args = new ArrayList<>(List.of(REQUIRED));
            args.subList(i, i + 2).clear();
            String missing = REQUIRED[i].substring(2);
            assertThatThrownBy(() -> ContinualFineTuneJob.of(args.toArray(String[]::new)))
                    .hasMessageContaining(missing + " (absent) must");
        }
    }

    @Test
    void controlsOfAnotherTopicNeedTheOrderOfEventTime() throws IOException {
        var args = new ArrayList<>(List.of(REQUIRED));
        args.addAll(List.of("--controls.topics", "c;d"));
        assertThatThrownBy(() -> ContinualFineTuneJob.of(args.toArray(String[]::new)))
                .hasMessage(
                        "controls.topics (c;d) must not be set while train.order is arrival. Maybe"
                                + " write controls to the examples' topic under the adapter's key,"
                                + " or set train.order = event-time.");
        args.addAll(List.of("--train.order", "event-time"));
        ContinualFineTuneJob.of(args.toArray(String[]::new));
    }

    @Test
    void partitionsWaitForEachOtherInTheOrderOfEventTimeOnly() throws IOException {
        var args = new ArrayList<>(List.of(REQUIRED));
        args.addAll(List.of("--examples.max-drift", "1 h"));
        assertThatThrownBy(() -> ContinualFineTuneJob.of(args.toArray(String[]::new)))
                .hasMessage(
                        "examples.max-drift (PT1H) must not be set while train.order is arrival."
                                + " Maybe set train.order = event-time.");
        args.addAll(List.of("--train.order", "event-time"));
        ContinualFineTuneJob.of(args.toArray(String[]::new));
    }

    @Test
    void everyOptionHasADescriptionAndAKeyOfItsOwn() {
        assertThat(JobArguments.options())
                .hasSizeGreaterThan(30)
                .allMatch(option -> !option.description().getBlocks().isEmpty())
                .doesNotHaveDuplicates();
    }

    @Test
    void flinkDefaultsFillOnlyWhatTheUserLeftOpen() {
        Configuration all = FlinkDefaults.missingIn(new Configuration());
        assertThat(all.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(all.get(CheckpointingOptions.ENABLE_UNALIGNED)).isTrue();
        assertThat(all.get(PipelineOptions.MAX_PARALLELISM)).isEqualTo(1024);
        var user = new Configuration().set(PipelineOptions.MAX_PARALLELISM, 8);
        assertThat(FlinkDefaults.missingIn(user).contains(PipelineOptions.MAX_PARALLELISM))
                .isFalse();
    }
}
