package io.flinkpeft.train;

import static io.flinkpeft.train.Training.batch;
import static io.flinkpeft.train.Training.warmedUp;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an adapter learns is the same to the last bit alone and among others, on every architecture
 * and with few texts, where the kernels of libtorch change.
 */
class BatchMatesTest {

    private static final Map<String, PeftConfig> METHODS =
            Map.of(
                    "lora",
                    TinyModels.loraOnAllLinears(3, 6),
                    "output",
                    TinyModels.loraWithOutput(3, 6).withDropout(0.2),
                    "lora-dropout",
                    new LoraConfig(4, 8).withDropout(0.2),
                    "ia3",
                    Ia3Config.DEFAULT,
                    "prompt",
                    new PromptTuningConfig(3),
                    "prefix",
                    new PrefixTuningConfig(3),
                    "every-attention",
                    new PrefixTuningConfig(3).withScope(PrefixScope.EVERY_ATTENTION));

    @ParameterizedTest
    @CsvSource({
        "gpt2, lora, 4",
        "gpt2, prefix, 3",
        "gpt2, output, 1",
        "llama, output, 3",
        "t5, output, 1",
        "bart, output, 2",
        "llama, lora-dropout, 2",
        "llama, prompt, 1",
        "qwen3, ia3, 3",
        "deberta-v2, lora, 1",
        "deberta-v2, lora, 2",
        "deberta-v2, prompt, 3",
        "deberta-v2, every-attention, 1",
        "deberta-v2, every-attention, 3",
        "t5-token, every-attention, 1",
        "roberta, prefix, 1",
        "bert, lora, 1",
        "t5, lora, 1",
        "t5, lora, 4",
        "t5-gated, prefix, 3",
        "bart, lora-dropout, 1",
        "bart, prompt, 2",
        "bart-cls, lora, 1"
    })
    void whatAnAdapterLearnsDoesNotDependOnItsBatchMates(
            String architecture, String method, int texts) {
        var golden = new GoldenCase(TinyModels.golden().resolve("grid/" + architecture + "/lora"));
        List<Example> lines = golden.examples();
        TrainerConfig config =
                TrainerConfig.of(golden.model().toString(), METHODS.get(method))
                        .withTask(golden.head())
                        .withDtype("fp32");
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            LiveAdapter adapter = warmedUp(trainer, "a", lines.subList(0, 12));
            LiveAdapter mate = warmedUp(trainer, "mate", lines.subList(4, 16));
            Batch own = batch(adapter, lines.subList(0, texts));
            BatchOutcome alone = trainer.step(List.of(own)).get(0);
            AdapterState learnt = alone.after().snapshot();
            assertThat(learnt.row()).isNotEqualTo(adapter.snapshot().row());
            for (Batch other : mates(mate, lines)) {
                BatchOutcome among = trainer.step(List.of(other, own)).get(1);
                assertThat(among.after().snapshot()).isEqualTo(learnt);
                assertThat(among.loss()).isEqualTo(alone.loss());
                assertThat(among.results()).isEqualTo(alone.results());
            }
        }
    }

    /** The same texts, many, and single ones of several lengths. */
    private static List<Batch> mates(LiveAdapter mate, List<Example> lines) {
        return Stream.of(
                        lines.subList(0, 4), lines.subList(3, 16), one(1), one(9), one(20), one(31))
                .map(examples -> batch(mate, examples))
                .toList();
    }

    private static List<Example> one(int words) {
        return List.of(example("a ".repeat(words)));
    }

    private static Example example(String text) {
        return new Example("mate", text, null, "food", "food", 0, "x", 0, 0);
    }
}
