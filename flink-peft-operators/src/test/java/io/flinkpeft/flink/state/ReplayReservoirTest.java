package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayReservoirTest {

    private static List<Example> examples(String adapter, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Example.labelled(adapter, "text " + i, "noun"))
                .toList();
    }

    @Test
    void itIsTheSameHoweverTheExamplesAreBatched() {
        var atOnce = ReplayReservoir.EMPTY.plus(examples("a", 0, 100), 10, 1);
        var inParts =
                ReplayReservoir.EMPTY
                        .plus(examples("a", 0, 33), 10, 1)
                        .plus(examples("a", 33, 100), 10, 1);
        assertThat(inParts).isEqualTo(atOnce);
        assertThat(atOnce.examples()).hasSize(10);
        assertThat(atOnce.offered()).isEqualTo(100);
    }

    @Test
    void everyExampleIsKeptEquallyOften() {
        int[] kept = new int[20];
        for (int seed = 0; seed < 4000; seed++) {
            for (Example e : ReplayReservoir.EMPTY.plus(examples("a", 0, 20), 5, seed).examples()) {
                kept[Integer.parseInt(e.text().substring(5))]++;
            }
        }
        // expected 1000 each, standard deviation 27
        assertThat(Arrays.stream(kept)).allMatch(count -> count > 850 && count < 1150);
    }

    @Test
    void seedAndAdapterChangeTheChoice() {
        var one = ReplayReservoir.EMPTY.plus(examples("a", 0, 100), 10, 1);
        assertThat(ReplayReservoir.EMPTY.plus(examples("a", 0, 100), 10, 2)).isNotEqualTo(one);
        assertThat(texts(ReplayReservoir.EMPTY.plus(examples("b", 0, 100), 10, 1)))
                .isNotEqualTo(texts(one));
    }

    private static List<String> texts(ReplayReservoir reservoir) {
        return reservoir.examples().stream().map(Example::text).toList();
    }

    @Test
    void aSampleHasNoExampleTwice() {
        var reservoir = ReplayReservoir.EMPTY.plus(examples("a", 0, 100), 10, 1);
        for (int seed = 0; seed < 50; seed++) {
            var sample = reservoir.sample(4, seed);
            assertThat(new HashSet<>(sample)).hasSize(4);
            assertThat(reservoir.examples()).containsAll(sample);
        }
        assertThat(reservoir.sample(99, 1)).hasSize(10);
        assertThat(ReplayReservoir.EMPTY.sample(3, 1)).isEmpty();
    }

    @Test
    void aSmallerSizeKeepsFewer() {
        var reservoir = ReplayReservoir.EMPTY.plus(examples("a", 0, 100), 10, 1);
        assertThat(reservoir.plus(examples("a", 100, 101), 3, 1).examples()).hasSize(3);
    }

    /** More than an array can hold would be: 3,000 of a megabyte each. */
    @Test
    void bytesBoundItTooAndDoNotDependOnBatches() {
        String text = "x".repeat(500_000); // one for all, so that the test needs no memory
        var large =
                IntStream.range(0, 3_000)
                        .mapToObj(i -> Example.labelled("a", text, "label " + i))
                        .toList();
        var atOnce = ReplayReservoir.EMPTY.plus(large, 3_000, 1);
        var inParts = ReplayReservoir.EMPTY;
        for (int i = 0; i < large.size(); i += 100) {
            inParts = inParts.plus(large.subList(i, i + 100), 3_000, 1);
        }
        assertThat(inParts).isEqualTo(atOnce);
        assertThat(Turn.bytes(atOnce.examples()))
                .isBetween(ReplayReservoir.MAX_BYTES - 1_100_000, ReplayReservoir.MAX_BYTES);
        assertThat(ReplayReservoirCodec.toBytes(atOnce).length)
                .isLessThan((int) ReplayReservoir.MAX_BYTES);
        var small = atOnce.plus(examples("a", 0, 500), 3_000, 1);
        assertThat(texts(small)).contains("text 499", text);
    }

    @Test
    void aSampleOfAnOlderStateThatIsTooLargeBecomesSmaller() {
        var large = Example.labelled("a", "x".repeat(1_000_000), "noun");
        var before = new ReplayReservoir(100, Collections.nCopies(100, large));
        var after = before.plus(List.of(large), 100, 1);
        assertThat(Turn.bytes(after.examples())).isLessThanOrEqualTo(ReplayReservoir.MAX_BYTES);
        assertThat(after.examples()).isNotEmpty();
    }
}
