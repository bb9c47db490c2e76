package io.flinkpeft.example.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.example.wordnet.Gloss;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TouchesTest {

    private final Touches touches =
            new Touches(
                    300,
                    2,
                    List.of(1, 100),
                    List.of(new Gloss("a dog", "noun.animal"), new Gloss("a rose", "noun.plant")));

    private List<Example> stream() {
        return LongStream.range(0, touches.examples()).mapToObj(touches::example).toList();
    }

    @Test
    void allAdaptersComeFirstAndThenSomeInEachRound() {
        var rounds = touches.rounds();
        assertThat(rounds.get(0).adapters()).hasSize(300);
        assertThat(rounds.get(1).adapters()).hasSize(3).isNotEqualTo(rounds.get(2).adapters());
        assertThat(rounds.get(rounds.size() - 1).percent()).isEqualTo(100);
        assertThat(rounds.get(rounds.size() - 1).adapters()).hasSize(300).doesNotHaveDuplicates();
        assertThat(stream().subList(0, 600))
                .extracting(Example::adapterId)
                .startsWith("tenant-0", "tenant-0", "tenant-1")
                .endsWith("tenant-299", "tenant-299");
    }

    @Test
    void theBatchesOfAnAdapterAreItsPartOfTheStream() {
        var own = stream().stream().filter(e -> e.adapterId().equals("tenant-17")).toList();
        assertThat(touches.batches(17).stream().flatMap(List::stream).toList()).isEqualTo(own);
        assertThat(touches.batches(17)).hasSizeGreaterThan(1).allMatch(batch -> batch.size() == 2);
    }
}
