package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEvaluationTest {

    private static final String GUIDE =
            "It is a guide to action which ensures that the military always obeys the commands of"
                    + " the party";
    private static final String TROOPS =
            "It is to insure the troops forever hearing the activity guidebook that party direct";
    private static final List<List<String>> GUIDES =
            List.of(
                    words(
                            "It is a guide to action that ensures that the military will forever"
                                    + " heed Party commands"),
                    words(
                            "It is the guiding principle which guarantees the military forces"
                                    + " always being under the command of the Party"),
                    words(
                            "It is the practical guide for the army always to heed the directions"
                                    + " of the party"));

    private static List<String> words(String text) {
        return Arrays.asList(text.split(" "));
    }

    /** The sentences of section 3.1 of the paper, which compares them with the first. */
    @ParameterizedTest
    @CsvSource({
        "police killed the gunman, 1",
        "police kill the gunman, 0.75",
        "the gunman kill police, 0.5",
        "the gunman police killed, 0.5",
        "Police: KILLED the gunman!, 1",
        "nothing, 0",
        "'', 0"
    })
    void rougeLIsThatOfThePaper(String text, double expected) {
        assertThat(RougeL.of(text, "police killed the gunman")).isEqualTo(expected);
    }

    @Test
    void rougeLWeighsPrecisionAndRecallAlike() {
        assertThat(RougeL.of("a b", "a c b d")).isCloseTo(2 * 1 * 0.5 / 1.5, within(1e-12));
        assertThat(RougeL.of("Ärzte прибыли", "ärzte ПРИБЫЛИ")).isEqualTo(1);
    }

    /** Section 2.1 of the paper, tables 1 and 2. */
    @Test
    void modifiedPrecisionsAreThoseOfThePaper() {
        var seven = new Bleu();
        seven.add(
                words("the the the the the the the"),
                List.of(words("the cat is on the mat"), words("there is a cat on the mat")));
        assertThat(seven.precision(1)).isEqualTo(2.0 / 7);
        assertThat(seven.precision(2)).isZero();
        assertThat(seven.value()).isZero();

        var guide = new Bleu();
        guide.add(words(GUIDE.toLowerCase()), lower(GUIDES));
        assertThat(guide.precision(1)).isEqualTo(17.0 / 18);
        assertThat(guide.precision(2)).isEqualTo(10.0 / 17);

        var troops = new Bleu();
        troops.add(words(TROOPS.toLowerCase()), lower(GUIDES));
        assertThat(troops.precision(1)).isEqualTo(8.0 / 14);
        assertThat(troops.precision(2)).isEqualTo(1.0 / 13);
    }

    private static List<List<String>> lower(List<List<String>> texts) {
        return texts.stream().map(text -> text.stream().map(String::toLowerCase).toList()).toList();
    }

    /** The numbers in the documentation of NLTK's {@code sentence_bleu} and {@code corpus_bleu}. */
    @Test
    void bleuIsThatOfNltk() {
        var bleu = new Bleu();
        bleu.add(words(GUIDE), GUIDES);
        assertThat(bleu.value()).isCloseTo(0.5045666840058485, within(1e-12));
        bleu.add(
                words("he read the book because he was interested in world history"),
                List.of(words("he was interested in world history because he read the book")));
        assertThat(bleu.value()).isCloseTo(0.5920778868801042, within(1e-12));
    }

    @Test
    void shortTextsArePenalised() {
        var bleu = new Bleu();
        bleu.add(words("a b c d"), List.of(words("a b c d e f g h")));
        assertThat(bleu.value()).isCloseTo(Math.exp(1 - 8.0 / 4), within(1e-12));
    }

    @Test
    void punctuationIsATokenOutsideOfNumbers() {
        assertThat(Bleu.tokens("He said: \"1,000.5 isn't 3-4.\" (ok)"))
                .containsExactly(
                        "He", "said", ":", "\"", "1,000.5", "isn't", "3", "-", "4", ".", "\"", "(",
                        "ok", ")");
        assertThat(Bleu.tokens(" ")).isEmpty();
    }

    @Test
    void aTextThatWasNotGeneratedIsWrong() {
        var evaluation = new TextEvaluation();
        assertThat(evaluation.values()).isEmpty();
        evaluation.add("rain and wind in Rome", "rain and wind in Rome");
        assertThat(evaluation.values())
                .containsEntry("rouge-l", 1.0)
                .containsEntry("bleu", 1.0)
                .hasSize(2);
        evaluation.add(null, "sun");
        assertThat(evaluation.values()).containsEntry("rouge-l", 0.5);
        assertThat(evaluation.values().get("bleu")).isCloseTo(Math.exp(1 - 6.0 / 5), within(1e-12));
    }
}
