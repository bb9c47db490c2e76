package io.flinkpeft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClozeTest {

    private static final Path MODEL = TinyModels.golden().resolve("grid/bert-mlm/model");
    private static final Map<String, List<String>> WORDS =
            Map.of("good", List.of("hot"), "bad", List.of("cold"));

    @Test
    void aTemplateHasThePlacesOfItsParts() {
        var cloze = new Cloze("{virtual:2} {text} is {virtual:1} [MASK], {text_pair}.", WORDS);
        Cloze.Filled filled = cloze.filled("soup", "bread", "<mask>");
        assertThat(filled.text()).isEqualTo("soup is <mask>, bread.");
        assertThat(filled.first()).isEqualTo(new Cloze.Part(0, 4));
        assertThat(filled.mask()).isEqualTo(new Cloze.Part(8, 14));
        assertThat(filled.second()).isEqualTo(new Cloze.Part(16, 21));
        assertThat(filled.virtual())
                .containsExactly(new Cloze.Virtual(0, 2), new Cloze.Virtual(7, 1));
        assertThat(cloze.virtualTokens()).isEqualTo(3);
    }

    @Test
    void whatIsTooLongIsCutFromTheLongerText() throws IOException {
        var cloze = new Cloze("{text} : {text_pair} [MASK] .", WORDS);
        try (TextTokenizer tokenizer = TextTokenizer.open(MODEL.resolve("tokenizer.json"))) {
            ClozeText whole = ClozeText.of(cloze, "rice rice rice rice", "fog", tokenizer, 64);
            assertThat(whole.tokens().length()).isEqualTo(10);
            assertThat(whole.tokens().truncated()).isFalse();
            ClozeText cut = ClozeText.of(cloze, "rice rice rice rice", "fog", tokenizer, 8);
            assertThat(cut.tokens().length()).isEqualTo(8);
            assertThat(cut.tokens().truncated()).isTrue();
            assertThat(tokenizer.decode(cut.tokens().ids())).isEqualTo("rice rice : fog.");
            assertThat(cut.tokens().ids()[cut.mask()]).isEqualTo(tokenizer.maskId());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ClozeText.of(cloze, "rice", "fog", tokenizer, 4))
                    .withMessage(
                            "template ({text} : {text_pair} [MASK] .) has 5 tokens, must have at"
                                    + " most 4.");
        }
    }

    @Test
    void aMaskThatTheTextNamesIsNotTheTemplates() throws IOException {
        var cloze = new Cloze("{text} [MASK]", WORDS);
        try (TextTokenizer tokenizer = TextTokenizer.open(MODEL.resolve("tokenizer.json"))) {
            assertThat(ClozeText.of(cloze, "[MASK] rice", null, tokenizer, 64).mask()).isEqualTo(3);
            var own = new Cloze("{text}", WORDS);
            assertThat(ClozeText.of(own, "[MASK] rice", null, tokenizer, 64).mask()).isEqualTo(1);
            assertThat(ClozeText.of(own, "rice", null, tokenizer, 64).mask()).isEqualTo(-1);
        }
    }

    @Test
    void aTemplateNeedsTheText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cloze("It was [MASK].", WORDS))
                .withMessage("template (It was [MASK].) must have {text} once.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cloze("{text} [MASK] [MASK]", WORDS))
                .withMessage(
                        "template ({text} [MASK] [MASK]) must have [MASK] once or not at all.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cloze("{text}", Map.of("a", List.of("b"))))
                .withMessage("verbalizer {a=[b]} must have at least 2 labels.");
    }

    @Test
    void aWordIsOneToken() {
        var cloze =
                new Cloze("{text} [MASK]", Map.of("a", List.of("hot"), "b", List.of("swimming")));
        TrainerConfig config =
                TrainerConfig.of(MODEL.toString(), LoraConfig.DEFAULT)
                        .withTask(new ClozeTask(cloze));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnlineTrainer.open(config))
                .withMessageMatching(
                        "verbalizer has word \\(swimming\\) of \\d tokens, must have words of one."
                                + " Maybe use a shorter word.");
    }

    @Test
    void onlyPromptsHaveVirtualTokensToPlace() {
        var cloze = new Cloze("{virtual:2} {text} [MASK]", WORDS);
        TrainerConfig lora =
                TrainerConfig.of(MODEL.toString(), LoraConfig.DEFAULT)
                        .withTask(new ClozeTask(cloze));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnlineTrainer.open(lora))
                .withMessage(
                        "template ({virtual:2} {text} [MASK]) has places for 2 virtual tokens,"
                                + " peft_type (LORA) has 0 to place, must have as many. Maybe use"
                                + " PROMPT_TUNING or P_TUNING.");
        TrainerConfig prompt =
                TrainerConfig.of(MODEL.toString(), new PromptTuningConfig(3))
                        .withTask(new ClozeTask(cloze));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnlineTrainer.open(prompt))
                .withMessageContaining("peft_type (PROMPT_TUNING) has 3 to place");
    }

    @Test
    void aModelNeedsAHeadForMasks() {
        TrainerConfig config =
                TrainerConfig.of(TinyModels.bert().toString(), LoraConfig.DEFAULT)
                        .withTask(new ClozeTask(new Cloze("{text} [MASK]", WORDS)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnlineTrainer.open(config))
                .withMessageContaining("has no head for words at a mask");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withTask(new ClozeTask()))
                .withMessage(
                        "head.kind (CLOZE) must have a template and words. Maybe set head.cloze.");
    }

    @Test
    void aFileSaysTheSame() {
        var cloze = new Cloze("{text} It was [MASK].", WORDS);
        assertThat(ClozeJson.of(ClozeJson.write(cloze))).isEqualTo(cloze);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClozeJson.of("{\"template\": \"{text}\"}"))
                .withMessage(
                        "Cloze ({\"template\": \"{text}\"}) must have template and verbalizer.");
    }
}
