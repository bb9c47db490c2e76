package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTest {

    private static final Observed CLEAN =
            new Observed(
                    Map.of("a@2", List.of("x"), "a@4", List.of("y")),
                    Map.of("a", List.of(2L, 4L)),
                    Map.of("adapter of a", "s"));

    private static Difference of(Map<String, List<String>> versions) {
        return Difference.between(CLEAN, new Observed(versions, CLEAN.pointers(), CLEAN.state()));
    }

    @Test
    void theSameIsNoDifference() {
        assertThat(Difference.between(CLEAN, CLEAN).isNone()).isTrue();
    }

    @Test
    void aVersionThatIsNotThereIsLost() {
        var difference = of(Map.of("a@2", List.of("x")));

        assertThat(difference.lost()).containsExactly("a@4");
        assertThat(difference.isNone()).isFalse();
    }

    @Test
    void aVersionThatCameTwiceIsDuplicatedEvenWithTheSameBytes() {
        var difference = of(Map.of("a@2", List.of("x", "x"), "a@4", List.of("y")));

        assertThat(difference.duplicated()).containsExactly("a@2");
        assertThat(difference.changed()).isEmpty();
        assertThat(difference.isNone()).isFalse();
    }

    @Test
    void otherBytesAndAVersionTooManyAreChanges() {
        var difference = of(Map.of("a@2", List.of("x"), "a@4", List.of("z"), "a@5", List.of("y")));

        assertThat(difference.changed()).containsExactlyInAnyOrder("a@4", "a@5");
        assertThat(difference.isNone()).isFalse();
    }

    @Test
    void aPointerThatWentBackIsADifference() {
        var run =
                new Observed(CLEAN.versions(), Map.of("a", List.of(2L, 4L, 2L, 4L)), CLEAN.state());

        assertThat(Difference.between(CLEAN, run).pointers()).containsExactly("a");
        assertThat(Difference.between(CLEAN, run).isNone()).isFalse();
    }

    @Test
    void otherBytesOfAStateAreADifference() {
        var run = new Observed(CLEAN.versions(), CLEAN.pointers(), Map.of("adapter of a", "t"));

        assertThat(Difference.between(CLEAN, run).state()).containsExactly("adapter of a");
        assertThat(Difference.between(CLEAN, run).isNone()).isFalse();
    }
}
