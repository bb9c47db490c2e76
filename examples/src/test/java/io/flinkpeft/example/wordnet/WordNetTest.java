package io.flinkpeft.example.wordnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WordNetTest {

    private static List<Gloss> glosses;

    @BeforeAll
    static void read() throws Exception {
        glosses = WordNet.glosses();
    }

    @Test
    void hasAllGlossesOfAllLexicographerFiles() {
        assertThat(glosses).hasSize(117_791);
        assertThat(glosses.stream().map(Gloss::label).distinct()).hasSize(45);
    }

    @Test
    void aTextIsTheDefinitionWithoutItsSentences() {
        String line =
                "00003553 03 n 02 whole 0 unit 0 002 @ 00002684 n 0000 ~ 00001740 n 0000 "
                        + "| an assemblage of parts; \"how big is that part?\"; \"the team is a unit\"  ";

        assertThat(WordNet.gloss(line)).isEqualTo(new Gloss("an assemblage of parts", "noun.Tops"));
    }

    @Test
    void phasesShareOutAllClasses() {
        var labels = Phase.ALL.stream().flatMap(phase -> phase.labels().stream()).toList();

        assertThat(labels).doesNotHaveDuplicates().hasSize(45);
        assertThat(labels).containsAll(glosses.stream().map(Gloss::label).distinct().toList());
    }

    @Test
    void eachPhaseOfTheStreamHasClassesThatNoneBeforeItHad() {
        var stream = GlossStream.of(glosses, 20_000, 7);

        assertThat(stream.size()).isEqualTo(20_000);
        var before = new HashSet<String>();
        for (int i = 0; i < Phase.ALL.size(); i++) {
            var phase = stream.glosses().subList(stream.starts().get(i), stream.end(i));
            var labels = phase.stream().map(Gloss::label).collect(Collectors.toSet());
            assertThat(labels).hasSameElementsAs(Phase.ALL.get(i).labels());
            assertThat(labels).noneMatch(before::contains);
            assertThat(phase).allMatch(gloss -> gloss.words() <= GlossStream.MAX_WORDS);
            before.addAll(labels);
        }
    }

    @Test
    void noGlossComesTwice() {
        // texts may be equal, a line of the database is one object
        var seen = Collections.newSetFromMap(new IdentityHashMap<>());
        assertThat(GlossStream.of(glosses, 20_000, 7).glosses()).allMatch(seen::add);
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertThat(GlossStream.of(glosses, 500, 7)).isEqualTo(GlossStream.of(glosses, 500, 7));
        assertThat(GlossStream.of(glosses, 500, 7)).isNotEqualTo(GlossStream.of(glosses, 500, 8));
    }

    @Test
    void aStreamLongerThanWordNetIsRefused() {
        assertThatThrownBy(() -> GlossStream.of(glosses, 110_000, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "Phase .* has \\d+ glosses, must have 22000. Maybe use a shorter stream.");
    }
}
