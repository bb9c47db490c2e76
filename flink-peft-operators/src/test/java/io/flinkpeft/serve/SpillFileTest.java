package io.flinkpeft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpillFileTest {

    private final SpillFile file = new SpillFile();

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void givesBackWhatItKeepsWhateverIsFreedBetween() {
        var random = new Random(1);
        var kept = new HashMap<SpillFile.Slice, byte[]>();
        for (int i = 0; i < 5000; i++) {
            if (kept.size() > 20 || random.nextInt(3) == 0 && !kept.isEmpty()) {
                var any = new ArrayList<>(kept.keySet()).get(random.nextInt(kept.size()));
                assertThat(file.read(any)).isEqualTo(kept.remove(any));
                file.free(any);
            } else {
                var bytes = new byte[1 + random.nextInt(300)];
                random.nextBytes(bytes);
                kept.put(file.write(bytes), bytes);
            }
        }
        kept.forEach((slice, bytes) -> assertThat(file.read(slice)).isEqualTo(bytes));
        assertThat(file.size()).isLessThan(21 * 300 * 3);
        kept.keySet().forEach(file::free);
        assertThat(file.size()).isZero();
    }

    @Test
    void placesThatWereFreedAreUsedAgain() {
        var first = file.write(new byte[10]);
        var second = file.write(new byte[10]);
        file.write(new byte[5]);
        file.free(first);
        file.free(second); // one gap with its neighbor

        assertThat(file.write(new byte[20]).offset()).isZero();
        assertThat(file.size()).isEqualTo(25);
    }

    @Test
    void nothingIsAPlaceToo() {
        var nothing = file.write(new byte[0]);
        assertThat(file.read(nothing)).isEmpty();
        file.free(nothing);
        assertThat(file.size()).isZero();
    }

    @Test
    void leavesNoNameBehindEvenWhileItIsOpen() throws Exception {
        file.write(new byte[100]);
        try (var names = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(names.map(name -> name.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("flink-peft-versions"));
        }
    }

    @Test
    void anInterruptClosesItForNobody() {
        var slice = file.write(new byte[] {1, 2});
        Thread.currentThread().interrupt();
        assertThat(file.read(slice)).containsExactly(1, 2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file.read(slice)).containsExactly(1, 2);
    }

    @Test
    void onceClosedItSaysSo() {
        var slice = file.write(new byte[1]);
        file.close();
        file.close();
        assertThatThrownBy(() -> file.read(slice)).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> file.write(new byte[1]))
                .hasMessageStartingWith("Directory java.io.tmpdir (")
                .hasMessageEndingWith("must have room for versions of adapters: Closed.");
    }
}
