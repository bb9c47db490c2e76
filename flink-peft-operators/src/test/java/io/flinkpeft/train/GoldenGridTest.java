package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method on every architecture against what transformers and PEFT computed and wrote:
 * predictions within 1e-5, greedy tokens exactly, the losses of 12 AdamW steps and the tensors
 * after them within 1e-4, as two correct runs in fp32 differ by less and their fp64 twins agree
 * with them.
 */
class GoldenGridTest {

    private static final String MASKED = "words at a mask are compared in GoldenClozeTest";

    /** Architectures and cases that are not run, and why. */
    private static final Map<String, String> NOT_RUN =
            Map.of("bert-mlm", MASKED, "roberta-mlm", MASKED, "deberta-v2-mlm", MASKED);

    /** The cases of a usual build: each method once, each architecture, each task. */
    private static final Set<String> USUAL =
            Set.of(
                    "bart bitfit",
                    "bart dora",
                    "bart lora-all",
                    "bart ia3-lm-head",
                    "gpt2 lora-lm-head",
                    "llama adalora-lm-head",
                    "llama lora-lm-head",
                    "t5 dora-lm-head",
                    "bart p-tuning-lstm",
                    "bart prefix",
                    "bert lora-bias",
                    "roberta lora-bias",
                    "bert lora-embedding",
                    "bert lora-saved",
                    "bert-regression lora",
                    "gpt2-regression lora",
                    "bert-labels lora",
                    "gpt2-labels lora",
                    "bert-token lora",
                    "bert-token prefix",
                    "bert-qa lora",
                    "deberta-v2-qa lora",
                    "roberta-token lora",
                    "bart-cls lora-head",
                    "gpt2-token prefix",
                    "llama-qa lora",
                    "t5-cls lora",
                    "t5-qa lora",
                    "t5-token lora",
                    "gpt2-cls prompt-tuning",
                    "llama-cls prefix",
                    "qwen2-cls p-tuning-mlp",
                    "qwen3-cls lora",
                    "deberta-v2 adalora",
                    "deberta-v2 p-tuning-mlp",
                    "gpt2 bitfit",
                    "gpt2 freeze",
                    "gpt2 lora-embedding",
                    "gpt2 lora-patterns",
                    "gpt2 prefix-projection",
                    "llama adalora",
                    "llama ia3",
                    "llama lora-saved",
                    "llama p-tuning-lstm",
                    "llama pissa",
                    "qwen2 full",
                    "qwen3 dora",
                    "qwen3 prompt-tuning",
                    "roberta lora-all",
                    "roberta prefix",
                    "t5 adalora",
                    "t5 full",
                    "t5 lora",
                    "t5 prefix",
                    "t5-gated freeze",
                    "t5-gated ia3",
                    "t5-gated prefix-projection",
                    "t5-gated prompt-tuning");

    @TempDir private Path dir;

    @Test
    void everyCaseIsRunOrListedWithAReason() throws IOException {
        Set<String> known = new TreeSet<>(NOT_RUN.keySet());
        for (GoldenCase golden : GoldenCase.all()) {
            if (golden.reasonNotRun(NOT_RUN).isEmpty()) {
                assertThat(golden.head()).as(golden.toString()).isNotNull();
            }
            known.remove(golden.architecture());
            known.remove(golden.toString());
        }
        assertThat(known).as("listed, but no case").isEmpty();
        assertThat(names()).containsAll(USUAL);
    }

    private static Set<String> names() {
        return GoldenCase.all().stream().map(GoldenCase::toString).collect(Collectors.toSet());
    }

    @TestFactory
    Stream<DynamicTest> aCaseIsWhatPeftComputes() {
        return tests().filter(golden -> USUAL.contains(golden.toString())).map(this::test);
    }

    @Tag("nightly")
    @TestFactory
    Stream<DynamicTest> everyOtherCaseIsWhatPeftComputes() {
        return tests().filter(golden -> !USUAL.contains(golden.toString())).map(this::test);
    }

    private static Stream<GoldenCase> tests() {
        return GoldenCase.all().stream().filter(golden -> golden.reasonNotRun(NOT_RUN).isEmpty());
    }

    private DynamicTest test(GoldenCase golden) {
        return DynamicTest.dynamicTest(golden.toString(), () -> check(golden));
    }

    private void check(GoldenCase golden) throws IOException {
        GoldenPredictions.check(golden, "", golden.hasInit() ? golden.init() : null, 1e-5);
        if (golden.isTrained()) {
            Path written = dir.resolve(golden.toString());
            double[] losses = new GoldenTraining(golden).run(written);
            assertThat(losses).containsExactly(golden.numbers("losses"), within(1e-4));
            GoldenFiles.assertSame(golden, written);
            // what trains the model itself has no file of PEFT: its tensors are near, not the same
            Path trained = golden.hasInit() ? golden.trained() : written;
            double tolerance = golden.hasInit() ? 1e-5 : 2e-4;
            GoldenPredictions.check(golden, "_trained", trained, tolerance);
        }
    }
}
