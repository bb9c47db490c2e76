package io.flinkpeft.example.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.train.TrainerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodsOnAStreamTest {

    private static final String TINY_BERT =
            "../flink-peft-operators/src/test/resources/golden/tiny-bert-cls";

    @TempDir private Path directory;

    @Test
    void aRowOfEveryMethodGoesIntoTheDocument() throws Exception {
        Path document = directory.resolve("page.md");
        Files.writeString(
                document,
                "before\n<!-- table: methods on a stream -->\nold\n<!-- end -->\nbehind\n");

        int code =
                MethodsOnAStream.execute(
                        "--examples", "96", "--model", TINY_BERT, "--write", document.toString());

        assertThat(code).isZero();
        List<String> lines = Files.readAllLines(document);
        assertThat(lines).startsWith("before").endsWith("<!-- end -->", "behind");
        assertThat(lines).doesNotContain("old");
        for (MethodCase method : MethodCase.all(8)) {
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("| " + method.name() + " |"))
                    .singleElement()
                    .asString()
                    .matches("(\\| [^|]+ ){8}\\|")
                    .doesNotContain("NaN");
        }
    }

    @Test
    void theSameRunGivesTheSameNumbers() throws Exception {
        var glosses = GlossStream.of(WordNet.glosses(), 96, 7).glosses();
        var config = TrainerConfig.of(TINY_BERT, MethodCase.all(8).get(1).config());

        var first = StreamRun.of(config, glosses);
        var second = StreamRun.of(config, glosses);

        assertThat(second.accuracy()).isEqualTo(first.accuracy());
        assertThat(second.stateBytes()).isEqualTo(first.stateBytes());
        assertThat(first.trained()).isPositive();
        // values, two moments of each, and the head; a version has the values once
        assertThat(first.stateBytes()).isGreaterThan(3 * Float.BYTES * first.trained());
        assertThat(first.versionBytes())
                .isGreaterThan(Float.BYTES * first.trained())
                .isLessThan(first.stateBytes());
    }
}
