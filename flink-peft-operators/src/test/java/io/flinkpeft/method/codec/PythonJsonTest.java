package io.flinkpeft.method.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonJsonTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 1.0",
        "-2.5, -2.5",
        "0.05, 0.05",
        "100, 100.0",
        "1e15, 1000000000000000.0",
        "1e16, 1e+16",
        "1.5e300, 1.5e+300",
        "1e-4, 0.0001",
        "1e-5, 1e-05",
        "-1.25e-7, -1.25e-07"
    })
    void floatsAreAsPythonPrintsThem(double number, String text) {
        assertThat(PythonJson.python(number)).isEqualTo(text);
    }

    @Test
    void theRestIsAsJsonDumpsWritesIt() {
        assertThat(
                        PythonJson.write(
                                Map.of(
                                        "b", List.of(1, "é\n\u001f🙂\"/"),
                                        "a", Map.of(),
                                        "c", List.of(),
                                        "d", Map.of("x", true))))
                .isEqualTo(
                        """
                        {
                          "a": {},
                          "b": [
                            1,
                            "\\u00e9\\n\\u001f\\ud83d\\ude42\\"/"
                          ],
                          "c": [],
                          "d": {
                            "x": true
                          }
                        }""");
    }
}
