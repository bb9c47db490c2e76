package io.flinkpeft.method.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedBaseTest {

    private static final Path ADAPTER = Path.of("/a");

    private static boolean noted(String name, String model) {
        return new RecordedBase(name, "").note(ADAPTER, Path.of(model), () -> "").isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "somebody/one, /models/one",
        "/home/me/one/, /models/one",
        "one, /models/one/model",
        "C:\\models\\one, /models/one",
        "somebody/one, /cache/models--somebody--one/snapshots/0123456789012345678901234567890123456789",
        "/cache/models--a--one/snapshots/0123456789012345678901234567890123456789, /models/one",
        "'', /models/one"
    })
    void aNameThatStandsInThePathFits(String name, String model) {
        assertThat(noted(name, model)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "somebody/one, /models/two",
        "somebody/one, /models/one-large",
        "one-large, /models/one",
        "/models/one, /one-two/three",
        "a--one, /models/a"
    })
    void anotherNameIsNoted(String name, String model) {
        assertThat(noted(name, model)).isTrue();
    }

    @Test
    void theNoteHasBothNames() {
        assertThat(new RecordedBase("somebody/one", "").note(ADAPTER, Path.of("/two"), () -> ""))
                .contains(
                        "Adapter /a names base model somebody/one, the model is /two. Maybe it is"
                                + " for another base model.");
    }

    @Test
    void theHashDecidesWhateverTheNames() {
        var base = RecordedBase.of("one", Map.of("base_sha256", "abc"));
        assertThat(base.note(ADAPTER, Path.of("/two"), () -> "abc")).isEmpty();
        assertThat(base.note(ADAPTER, Path.of("/one"), () -> "def"))
                .contains(
                        "Adapter /a was trained on base abc of one, model /one has def. Maybe it is"
                                + " for another base model.");
    }
}
