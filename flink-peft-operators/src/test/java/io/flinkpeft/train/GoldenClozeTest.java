package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeText;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clozes against what transformers and PEFT computed: the masked language model's logits and the
 * scores of labels within 1e-5, losses and tensors after 12 AdamW steps within 1e-4.
 */
class GoldenClozeTest {

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"bert-lora", "bert-anchors", "roberta-anchors"})
    void labelsAreLearnedByTheirWords(String name) throws IOException {
        check(name);
    }

    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "roberta-lora",
                "deberta-v2-lora",
                "bert-prefix",
                "bert-prompt-tuning",
                "bert-anchors-lstm"
            })
    void everyOtherCloze(String name) throws IOException {
        check(name);
    }

    private void check(String name) throws IOException {
        var golden = new GoldenCase(TinyModels.golden().resolve("cloze").resolve(name));
        assertTokens(golden);
        GoldenPredictions.check(golden, "", golden.init(), 1e-5);
        GoldenPredictions.check(golden, "_trained", golden.trained(), 1e-5);
        double[] losses = new GoldenTraining(golden).run(dir);
        assertThat(losses).containsExactly(golden.numbers("losses"), within(1e-4));
        GoldenFiles.assertSame(golden, dir);
        assertThat(ClozeJson.read(dir.resolve(ClozeJson.FILE))).isEqualTo(golden.cloze().get());
    }

    private static void assertTokens(GoldenCase golden) throws IOException {
        Cloze cloze = golden.cloze().orElseThrow();
        try (TextTokenizer tokenizer =
                TextTokenizer.open(golden.model().resolve("tokenizer.json"))) {
            for (int i = 0; i < golden.examples().size(); i++) {
                String text = golden.examples().get(i).text();
                ClozeText filled = ClozeText.of(cloze, text, null, tokenizer, 64);
                assertThat(filled.tokens().ids())
                        .as(text)
                        .containsExactly(longs(golden.json().get("tokens").get(i)));
                assertThat(filled.tokens().ids()[filled.mask()]).isEqualTo(tokenizer.maskId());
            }
        }
    }

    private static long[] longs(JsonNode list) {
        return Arrays.stream(GoldenCase.numbers(list)).mapToLong(id -> (long) id).toArray();
    }

    /** Each word that is one token is a label of its own, and a text brings its own gap. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-mlm", "roberta-mlm", "deberta-v2-mlm"})
    void logitsAreThoseOfTheMaskedLanguageModel(String model) throws IOException {
        var golden = new GoldenCase(TinyModels.golden().resolve("grid").resolve(model + "/lora"));
        Map<String, Integer> words = words(golden);
        assertThat(words).hasSizeGreaterThan(10);
        Map<String, List<String>> verbalizer = new TreeMap<>();
        words.keySet().forEach(word -> verbalizer.put(word, List.of(word)));
        var cloze = new Cloze("{text}", verbalizer);
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(golden.trained().resolve(file), dir.resolve(file));
        }
        Files.writeString(dir.resolve(ClozeJson.FILE), ClozeJson.write(cloze));
        try (ModelPredictor predictor =
                        ModelPredictor.open(golden.model().toString(), "cpu", "fp32", 64);
                ServingAdapter adapter = predictor.load("a", dir)) {
            List<Label> answers =
                    Predicted.labels(
                            predictor,
                            golden.examples().stream()
                                    .map(e -> new Request<ServingAdapter>(adapter, e.text(), null))
                                    .toList());
            for (int i = 0; i < answers.size(); i++) {
                JsonNode expected = golden.json().get("logits_trained").get(i);
                double[] right =
                        cloze.labels().stream()
                                .mapToDouble(word -> expected.get(words.get(word)).asDouble())
                                .toArray();
                assertThat(BertTwin.doubles(answers.get(i).logits()))
                        .containsExactly(right, within(1e-5));
            }
        }
    }

    private static Map<String, Integer> words(GoldenCase golden) throws IOException {
        Map<String, Integer> words = new TreeMap<>();
        int vocabulary = golden.json().get("logits").get(0).size();
        try (TextTokenizer tokenizer =
                TextTokenizer.open(golden.model().resolve("tokenizer.json"))) {
            for (int id = 0; id < vocabulary; id++) {
                String word = tokenizer.decode(new long[] {id}).strip();
                long[] ids = tokenizer.encodeContinuation(" " + word, 64).ids();
                if (!word.isEmpty() && ids.length == 1 && ids[0] == id) {
                    words.put(word, id);
                }
            }
        }
        return words;
    }
}
