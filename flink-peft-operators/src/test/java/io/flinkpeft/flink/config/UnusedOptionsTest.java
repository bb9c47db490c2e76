package io.flinkpeft.flink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnusedOptionsTest {

    private static final String CLOZE =
            "{\"template\": \"{text} [MASK]\",\n \"verbalizer\": {\"a\": [\"b\"], \"c\": [\"d\"]}}";

    /** Of options as "key=value, key=value". */
    private static Configuration options(String given) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("model", "m");
        for (String option : given.split(", ")) {
            options.put(option.split("=")[0], option.split("=")[1]);
        }
        return Configuration.fromMap(options);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft.lora.rank=4, peft.method=Prefix-Tuning"
                        + " | peft.lora.rank (4) does nothing while peft.method is Prefix-Tuning.",
                "peft.ia3.target-modules=all-linear | peft.ia3.target-modules ([all-linear]) does nothing while"
                        + " peft.method is lora.",
                "peft.prompt.num-virtual-tokens=5, peft.method=p-tuning"
                        + " | peft.prompt.num-virtual-tokens (5) does nothing while peft.method is p-tuning.",
                "peft.freeze.layers=1, peft.method=full"
                        + " | peft.freeze.layers (1) does nothing while peft.method is full.",
                "peft.prompt.init-text=a topic, peft.method=prompt-tuning"
                        + " | peft.prompt.init-text (a topic) does nothing while"
                        + " peft.prompt.init is RANDOM.",
                "peft.prompt.init-text=a topic"
                        + " | peft.prompt.init-text (a topic) does nothing while peft.method is lora.",
                "peft.prefix.encoder-hidden-size=8, peft.method=prefix-tuning"
                        + " | peft.prefix.encoder-hidden-size (8) does nothing while"
                        + " peft.prefix.projection is false.",
                "peft.p-tuning.encoder-num-layers=3, peft.method=p-tuning"
                        + " | peft.p-tuning.encoder-num-layers (3) does nothing while peft.p-tuning.encoder-reparameterization-type is"
                        + " MLP.",
                "peft.p-tuning.encoder-dropout=0.1, peft.method=p-tuning"
                        + " | peft.p-tuning.encoder-dropout (0.1) does nothing while peft.p-tuning.encoder-reparameterization-type"
                        + " is MLP.",
                "head.learning-rate=0.1, head.kind=CAUSAL_LM"
                        + " | head.learning-rate (0.1) does nothing while head.kind is CAUSAL_LM.",
                "head.max-labels=9, head.kind=CHECKPOINT"
                        + " | head.max-labels (9) does nothing while head.kind is CHECKPOINT.",
                "head.max-labels=9, head.labels=a;b"
                        + " | head.max-labels (9) does nothing while head.labels is [a, b].",
                "train.target-end=as-written"
                        + " | train.target-end (as-written) does nothing while head.kind is"
                        + " STREAM.",
                "train.id-horizon=2 h"
                        + " | train.id-horizon (2 h) does nothing while train.order is arrival.",
                "train.out-of-orderness=5 s | train.out-of-orderness (5 s) does nothing while"
                        + " train.order is arrival and adapters.ttl is 0 ms.",
                "replay.per-batch=4 | replay.per-batch (4) does nothing while replay.size is 0.",
                "replay.size=4, replay.per-batch=0"
                        + " | replay.size (4) does nothing while replay.per-batch is 0.",
                "controls.max-values=4, controls.methods=false | controls.max-values (4) does"
                        + " nothing while controls.methods is false.",
            })
    void whatDoesNothingIsSaidWithWhatDecidesIt(String given, String line) {
        assertThat(TrainingConfiguration.unused(options(given)).lines()).containsExactly(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft.lora.rank=4",
                "peft.method=adalora, peft.adalora.total-step=9",
                "peft.prompt.pooled=FIRST_REAL, peft.method=p-tuning",
                "peft.p-tuning.encoder-num-layers=3, peft.p-tuning.encoder-reparameterization-type=LSTM, peft.method=p-tuning",
                "peft.prefix.encoder-hidden-size=8, peft.prefix.projection=true, peft.method=prefix-tuning",
                "head.learning-rate=0.1, head.kind=CHECKPOINT, head.labels=a;b",
                "head.max-labels=9",
                "train.target-end=as-written, head.kind=CAUSAL_LM",
                "train.id-horizon=2 h, train.out-of-orderness=5 s, train.order=event-time",
                "train.out-of-orderness=5 s, adapters.ttl=1 d",
                "replay.per-batch=4, replay.size=9",
                "controls.max-values=4",
            })
    void whatDoesSomethingIsNotSaid(String given) {
        assertThat(TrainingConfiguration.unused(options(given)).lines()).isEmpty();
    }

    @Test
    void aTextIsCutAndOnOneLine() {
        var options = options("head.kind=STREAM").set(TrainingOptions.HEAD_CLOZE, CLOZE);
        assertThat(TrainingConfiguration.unused(options).lines())
                .containsExactly(
                        "head.cloze ({\"template\": \"{text} [MASK]\", \"verbalizer\": {\"a\":"
                                + " [\"b\"], \"c\": [\"d\"]}}) does nothing while head.kind is"
                                + " STREAM.");
        options.set(TrainingOptions.HEAD_CLOZE, CLOZE + " ".repeat(9) + CLOZE);
        assertThat(TrainingConfiguration.unused(options).lines())
                .singleElement()
                .asString()
                .hasSizeLessThan(150)
                .contains("...) does nothing");
    }
}
