package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command would not use is refused, or, in a file of other people's making, said. */
class UnusedCommandOptionsTest {

    private static final Path GOLDEN = TinyModels.golden();

    @TempDir private Path dir;

    @ParameterizedTest
    @CsvSource({
        "linear, --density, 0.5",
        "linear, --svd-rank, 2",
        "linear, --svd-clamp, 0.5",
        "linear, --seed, 0",
        "linear, --majority-sign, total",
        "cat, --density, 0.5",
        "cat, --svd-rank, 2",
        "svd, --density, 0.5",
        "svd, --majority-sign, frequency",
        "svd, --seed, 7",
        "ties, --seed, 7",
        "ties, --svd-rank, 2",
        "dare_ties, --svd-clamp, 0.5",
        "dare_linear, --majority-sign, total",
        "dare_linear_svd, --majority-sign, total",
        "magnitude_prune_svd, --seed, 7"
    })
    void combineRefusesWhatItsTypeDoesNotUse(String type, String option, String value) {
        Path folder = GOLDEN.resolve("combine");
        var args = new ArrayList<Object>(List.of("combine", "--type", type, option, value));
        args.addAll(List.of("--model", folder.resolve("tiny-gpt2"), "--output", dir.resolve("o")));
        args.addAll(List.of("--adapter", folder.resolve("a"), "--weight", 1));
        args.addAll(List.of("--adapter", folder.resolve("b"), "--weight", 1));
        assertThat(Run.of(args.toArray()).failure())
                .isEqualTo(
                        "%s (%s) must be absent, as --type %s does not use it."
                                .formatted(option, value, type));
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void predictMergesOnlyAnAdapter() throws IOException {
        assertThat(predict(TinyModels.bert(), "{\"text\": \"a\"}", "--merge").failure())
                .isEqualTo(
                        "--merge (true) must be absent without --adapter, as there is none to"
                                + " merge.");
    }

    @Test
    void aTargetEndsOnlyInACausalLanguageModel() throws IOException {
        String text = "{\"text\": \"a\", \"target\": \"b\"}";
        String refused =
                " must be absent, as the head (%s) is not that of a causal language model.";
        assertThat(predict(TinyModels.bert(), text, "--target-end", "as-written").failure())
                .isEqualTo("--target-end (as-written)" + refused.formatted("CHECKPOINT"));
        Path t5 = GOLDEN.resolve("grid/t5/model");
        assertThat(predict(t5, text, "--target-end", "appended").failure())
                .isEqualTo("--target-end (appended)" + refused.formatted("SEQ_2_SEQ_LM"));
        assertThat(train(GOLDEN.resolve("train.jsonl"), "--target-end", "as-written").failure())
                .isEqualTo("--target-end (as-written)" + refused.formatted("CHECKPOINT"));
        Path gpt2 = GOLDEN.resolve("grid/gpt2/model");
        assertThat(predict(gpt2, text, "--target-end", "as-written").code()).isZero();
    }

    @Test
    void keysOfNoRecordAreSaidOnce() throws IOException {
        String lines =
                """
                {"text": "a", "tetx_pair": "b", "id": "1", "adapter": "x", "timestamp": 1}
                {"text": "a", "tetx_pair": "b", "Label": "c"}
                """;
        assertThat(predict(TinyModels.bert(), lines).err())
                .containsExactly(said("[Label, tetx_pair]"));
        Path examples = dir.resolve("input.jsonl");
        Files.writeString(examples, "{\"text\": \"a\", \"label\": \"food\", \"x\\ny\": {}}");
        assertThat(train(examples).err()).containsExactly(said("[x?y]"));
    }

    @Test
    void tenKeysAreEnough() throws IOException {
        var line = new StringBuilder("{\"text\": \"a\"");
        for (int i = 21; i > 9; i--) {
            line.append(", \"k").append(i).append("\": 1");
        }
        assertThat(predict(TinyModels.bert(), line.append("}").toString()).err())
                .containsExactly(
                        said("[k10, k11, k12, k13, k14, k15, k16, k17, k18, k19] and more"));
    }

    private String said(String keys) {
        return "Keys "
                + keys
                + " of --input ("
                + dir.resolve("input.jsonl")
                + ") were ignored; what is read is [text, tokens, text_pair, label, answer_start,"
                + " labels, target].";
    }

    private Run predict(Path model, String lines, Object... more) throws IOException {
        Path input = Files.writeString(dir.resolve("input.jsonl"), lines);
        var args = new ArrayList<Object>(List.of("predict", "--model", model, "--input", input));
        args.addAll(List.of("--output", dir.resolve("out.jsonl"), "--overwrite"));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private Run train(Path input, Object... more) {
        var args = new ArrayList<Object>(List.of("train", "--model", TinyModels.bert()));
        args.addAll(List.of("--adapter", GOLDEN.resolve("lora-qv/init"), "--input", input));
        args.addAll(List.of("--output", dir.resolve("trained")));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }
}
