package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AnswerMatchTest {

    @Test
    void caseArticlesPunctuationAndWhiteSpaceDoNotCount() {
        assertThat(AnswerMatch.exact("The  old-club!", "an oldclub")).isTrue();
        assertThat(AnswerMatch.exact("theatre", "atre")).isFalse();
        assertThat(AnswerMatch.exact("the club", "club of Rome")).isFalse();
        assertThat(AnswerMatch.exact("ÉCOLE", "école")).isTrue();
    }

    @Test
    void f1IsTheHarmonicMeanOfPrecisionAndRecallOfWords() {
        assertThat(AnswerMatch.f1("the old club", "old club")).isEqualTo(1);
        // precision 2/3, recall 2/2
        assertThat(AnswerMatch.f1("very old club", "old club")).isCloseTo(0.8, within(1e-12));
        assertThat(AnswerMatch.f1("rain", "snow")).isZero();
    }

    @Test
    void aWordCountsAsOftenAsBothHaveIt() {
        // one word in common; precision 1/3, recall 1/2
        assertThat(AnswerMatch.f1("no no no", "no rain")).isCloseTo(0.4, within(1e-12));
        assertThat(AnswerMatch.f1("no no rain", "no no")).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void answersWithoutWordsAreTheSame() {
        assertThat(AnswerMatch.exact("the", "")).isTrue();
        assertThat(AnswerMatch.f1("the", "...")).isEqualTo(1);
        assertThat(AnswerMatch.f1("", "club")).isZero();
    }
}
