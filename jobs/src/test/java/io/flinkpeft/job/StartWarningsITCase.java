package io.flinkpeft.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a job prints before it is submitted, on the error output. */
class StartWarningsITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @TempDir private Path dir;

    @Test
    void anOptionThatDoesNothingIsALine() throws Exception {
        assertThat(
                        printed(
                                "--peft.method", "prefix-tuning",
                                "--peft.lora.rank", "4",
                                "--peft.prefix.num-virtual-tokens", "3",
                                "--examples.idle-after", "5 s",
                                "--replay.per-batch", "2"))
                .containsExactly(
                        "Warning: examples.idle-after (5 s) does nothing while train.order is"
                                + " arrival and adapters.ttl is 0 ms.",
                        "Warning: peft.lora.rank (4) does nothing while peft.method is"
                                + " prefix-tuning.",
                        "Warning: replay.per-batch (2) does nothing while replay.size is 0.");
        assertThat(printed("--adapters.ttl", "1 d", "--examples.idle-after", "5 s")).isEmpty();
        assertThat(printed("--train.order", "event-time", "--examples.idle-after", "5 s"))
                .isEmpty();
    }

    private List<String> printed(String... more) throws Exception {
        var arguments = new ArrayList<String>();
        arguments.addAll(List.of("--model", TinyModels.bert().toString()));
        arguments.addAll(List.of("--kafka.bootstrap-servers", KAFKA.bootstrapServers()));
        arguments.addAll(List.of("--examples.topics", KAFKA.newTopic(1, Map.of())));
        arguments.addAll(List.of("--adapters.topic", KAFKA.newName()));
        arguments.addAll(List.of("--dead-letters.topic", KAFKA.newName()));
        arguments.addAll(List.of(more));
        var flink = Map.of("execution.checkpointing.dir", dir.toUri().toString());
        var env = StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(flink));
        PrintStream before = System.err;
        var bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, UTF_8));
        try {
            ContinualFineTuneJob.start(env, arguments.toArray(String[]::new));
        } finally {
            System.setErr(before);
        }
        return bytes.toString(UTF_8).lines().filter(line -> line.startsWith("Warning")).toList();
    }
}
