package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.TrainerStates;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator with the engine and the heads of every task, chosen by options. */
class TaskTrainerOperatorTest {

    private static TrainingSettings settings(String architecture, String head, String targets) {
        var options = new Configuration();
        options.setString("model", grid(architecture).resolve("model").toString());
        options.setString("head.kind", head);
        options.setString("peft.lora.rank", "2");
        if (targets != null) {
            options.setString("peft.lora.target-modules", targets);
        }
        options.setString("train.device", "cpu");
        options.setString("train.dtype", "fp32");
        return TrainingConfiguration.settings(options)
                .with(Batching.DEFAULT.withSize(4))
                .publishingEvery(2);
    }

    private static Path grid(String architecture) {
        return TinyModels.golden().resolve("grid").resolve(architecture);
    }

    /** Several labels are a line each. */
    private static String label(JsonNode line) {
        return line.has("labels")
                ? StreamSupport.stream(line.get("labels").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining("\n"))
                : line.path("label").asText(null);
    }

    /** Its lines, twice, for two adapters. */
    private static List<Example> examples(String architecture) throws IOException {
        List<Example> examples = new ArrayList<>();
        List<String> lines = Files.readAllLines(grid(architecture).resolve("train.jsonl"));
        for (int i = 0; i < 2 * lines.size(); i++) {
            var line = TinyModels.parse(lines.get(i % lines.size()));
            examples.add(
                    new Example(
                            "adapter-" + i % 2,
                            line.get("text").asText(),
                            line.path("text_pair").asText(null),
                            label(line),
                            line.path("target").asText(null),
                            1000L * i,
                            "lines",
                            0,
                            i));
        }
        return examples;
    }

    @ParameterizedTest
    @CsvSource({
        "bert-token, TOKEN_CLASSIFICATION,",
        "bert-qa, QUESTION_ANSWERING,",
        "bert-regression, REGRESSION,",
        "gpt2-labels, MULTI_LABEL,",
        "gpt2, CAUSAL_LM,",
        "gpt2, CAUSAL_LM, lm_head", // which is the word embedding
        "llama, CAUSAL_LM, q_proj;lm_head",
        "llama-cls, CHECKPOINT,",
        "t5, SEQ_2_SEQ_LM,"
    })
    void restoredEqualsUninterrupted(String architecture, String head, String targets)
            throws Exception {
        var settings = settings(architecture, head, targets);
        var trainer = OnlineTraining.trainers(settings);
        List<Example> examples = examples(architecture);
        Map<String, List<String>> versions;
        Map<String, String> states;
        try (var harness = TrainerHarness.start(Backend.HEAP, settings, trainer)) {
            harness.process(examples).endInput();
            assertThat(harness.rejected()).isEmpty();
            versions = harness.versions();
            states = harness.states();
        }
        assertThat(versions).hasSize(2);

        Map<String, List<String>> both = new TreeMap<>();
        OperatorSubtaskState state;
        try (var harness = TrainerHarness.start(Backend.ROCKSDB, settings, trainer)) {
            harness.processAndFinish(examples.subList(0, 13));
            state = harness.snapshot();
            harness.versions().forEach((id, own) -> both.put(id, new ArrayList<>(own)));
        }
        try (var harness = TrainerHarness.restore(Backend.ROCKSDB, settings, trainer, state)) {
            harness.process(examples.subList(13, examples.size())).endInput();
            harness.versions()
                    .forEach(
                            (id, own) ->
                                    both.computeIfAbsent(id, i -> new ArrayList<>()).addAll(own));
            assertThat(both).isEqualTo(versions);
            assertThat(harness.states()).isEqualTo(states);
        }
    }

    @Test
    void labelsThatAreNotThoseOfTheHeadAreADeadLetter() throws Exception {
        var settings = settings("bert-labels", "MULTI_LABEL", null);
        try (var harness =
                TrainerHarness.start(Backend.HEAP, settings, OnlineTraining.trainers(settings))) {
            List<Example> examples = new ArrayList<>(examples("bert-labels").subList(0, 6));
            examples.add(new Example("adapter-1", "a", null, "food\nart", null, 9, "lines", 0, 98));
            examples.add(
                    new Example("adapter-1", "a", null, "food\nfood", null, 9, "lines", 0, 99));
            harness.process(examples).endInput();
            assertThat(harness.rejected())
                    .extracting(Rejected::reason)
                    .containsExactly(
                            "Label (art) must be one of [food, weather, sport].",
                            "Labels [food, food] must be different.");
        }
    }

    /** What does not fit a task is a dead letter, with the reason. */
    @Test
    void aTargetThatIsNoNumberIsADeadLetter() throws Exception {
        var settings = settings("bert-regression", "REGRESSION", null);
        try (var harness =
                TrainerHarness.start(Backend.HEAP, settings, OnlineTraining.trainers(settings))) {
            List<Example> examples = new ArrayList<>(examples("bert-regression").subList(0, 7));
            examples.add(new Example("adapter-1", "soup", null, null, "many", 9, "lines", 0, 99));
            harness.process(examples).endInput();
            assertThat(harness.rejected())
                    .extracting(Rejected::reason)
                    .containsExactly("Target (many) must be a finite number for each of [stars].");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert, STREAM",
        "llama-cls, CHECKPOINT",
        "bert-token, TOKEN_CLASSIFICATION",
        "bert-qa, QUESTION_ANSWERING",
        "gpt2, CAUSAL_LM",
        "t5, SEQ_2_SEQ_LM"
    })
    void whatWasLearntIsKeptForReplay(String architecture, String head) throws Exception {
        var settings = settings(architecture, head, null).with(new Replay(10, 2));
        try (var harness =
                TrainerHarness.start(Backend.HEAP, settings, OnlineTraining.trainers(settings))) {
            harness.processAndFinish(examples(architecture).subList(0, 8));
            harness.snapshot();
            assertThat(harness.keys(TrainerStates.REPLAY))
                    .isEqualTo(harness.keys(TrainerStates.ADAPTER))
                    .containsExactly("adapter-0", "adapter-1");
        }
    }
}
