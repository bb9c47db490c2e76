package io.flinkpeft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.model.Passage;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionAnsweringTaskTest {

    private static final QuestionAnsweringTask TASK = new QuestionAnsweringTask();

    @Test
    void anAnswerIsMarkedAtItsTokens() throws IOException {
        ModelInput input = ask("fog", "rain and fog", "fog", null, 64);
        // [CLS] fog [SEP] rain and fog [SEP]
        assertThat(input.targets()).containsExactly(0, 0, 0, 0, 0, 3, 0);
        assertThat(input.outputPositions()).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void theStartSaysWhichPlaceIsMeant() throws IOException {
        assertThat(ask("fog", "fog and fog", "fog", null, 64).targets())
                .containsExactly(0, 0, 0, 3, 0, 0, 0);
        assertThat(ask("fog", "fog and fog", "fog", "8", 64).targets())
                .containsExactly(0, 0, 0, 0, 0, 3, 0);
        // characters are code points: the sun is one
        assertThat(ask("fog", "🌞 and fog", "and fog", "2", 64).targets())
                .containsExactly(0, 0, 0, 0, 1, 2, 0);
    }

    @Test
    void anAnswerThatIsCutOffIsNotKnown() throws IOException {
        ModelInput input = ask("fog", "rain and rain and fog", "fog", null, 7);
        assertThat(input.known()).isZero();
        assertThat(input.tokens().truncated()).isTrue();
        assertThat(TASK.weights(List.of(input))).containsOnly(0);
    }

    @Test
    void anAnswerMustStandInTheText() {
        assertThat(TASK.refusal(example("fog", "rain", "snow", null), List.of()))
                .contains("Answer (snow) must stand in text_pair.");
        assertThat(TASK.refusal(example("fog", "rain", "rain", "1"), List.of()))
                .contains("Answer (rain) must stand in text_pair at character (1).");
        assertThat(TASK.refusal(example("fog", "rain", "", null), List.of()))
                .contains("Answer () must stand in text_pair.");
        assertThat(TASK.refusal(example("fog", null, "rain", null), List.of()))
                .contains("Question (fog) has no text_pair, must have one with the answer.");
        assertThat(TASK.refusal(example("fog", "rain", null, null), List.of())).isEmpty();
    }

    @Test
    void theBestAnswerEndsBehindItsStart() {
        float[][] outputs = new float[6][2];
        outputs[4][0] = 5; // the best start
        outputs[2][1] = 9; // the best end stands before it
        outputs[5][1] = 3;
        outputs[2][0] = 1;
        AnswerSpan answer = AnswerSpan.best(passage(6, 1), outputs);
        // 1 + 9 is more than 5 + 3
        assertThat(answer.text()).isEqualTo("b");
        outputs[2][0] = -9;
        outputs[3][0] = -9;
        outputs[1][0] = -9;
        answer = AnswerSpan.best(passage(6, 1), outputs);
        assertThat(answer.text()).isEqualTo("d e");
        assertThat(answer.start()).isEqualTo(6);
        assertThat(answer.end()).isEqualTo(9);
        double start = Math.exp(5) / (Math.exp(5) + 3 * Math.exp(-9) + 1);
        double end = Math.exp(3) / (Math.exp(9) + Math.exp(3) + 3);
        assertThat(answer.score()).isCloseTo(start * end, within(1e-6));
    }

    @Test
    void anAnswerHasABoundedLength() {
        int tokens = AnswerSpan.MAX_TOKENS + 5;
        float[][] outputs = new float[tokens][2];
        outputs[0][0] = 9;
        outputs[tokens - 1][1] = 5;
        outputs[3][1] = 4;
        AnswerSpan answer = AnswerSpan.best(passage(tokens, 0), outputs);
        assertThat(answer.end()).isEqualTo(2 * 3 + 1);
    }

    @Test
    void aTextWithoutTokensHasNoAnswer() throws IOException {
        assertThat(AnswerSpan.best(new Passage(Tokens.of(1, 2), "", 0, List.of()), new float[2][2]))
                .extracting(AnswerSpan::text)
                .isNull();
        assertThat(ask("", null, null, null, 64).known()).isZero();
    }

    /** A passage of tokens a, b, c ..., a character each; the first ones belong to the question. */
    private static Passage passage(int tokens, int first) {
        StringBuilder text = new StringBuilder();
        List<Passage.Span> spans = new ArrayList<>();
        for (int i = 0; i < tokens - first; i++) {
            text.append((char) ('a' + i)).append(' ');
            spans.add(new Passage.Span(2 * i, 2 * i + 1));
        }
        return new Passage(Tokens.of(new long[tokens]), text.toString(), first, spans);
    }

    private static ModelInput ask(
            String question, String context, String answer, String start, int room)
            throws IOException {
        try (TextTokenizer tokenizer =
                TextTokenizer.open(
                        TinyModels.golden().resolve("grid/bert-qa/model/tokenizer.json"))) {
            var encoder =
                    new TextEncoder(
                            tokenizer,
                            Integer.MAX_VALUE,
                            room,
                            false,
                            0,
                            true,
                            Tokens.of(),
                            false,
                            Tokens.of());
            return TASK.encode(example(question, context, answer, start), List.of(), encoder);
        }
    }

    private static ExampleContent example(
            String question, String context, String answer, String start) {
        return new ExampleContent(question, context, start, answer);
    }
}
