package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.codec.AdapterFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of a file keep to the rules of topics. */
class InputLinesTest {

    @TempDir Path dir;

    private List<ExampleContent> read(String text) throws IOException {
        Path file = Files.writeString(dir.resolve("lines.jsonl"), text);
        return InputLines.readAll(file, new PrintWriter(new StringWriter())).stream()
                .map(InputLines.Line::content)
                .toList();
    }

    @Test
    void whatIsNotPartOfAnExampleIsLeftAlone() throws IOException {
        String line =
                """
                {"text": " x\\n", "label": "l", "id": 7, "adapter": [], "control": 1, "timestamp": "?"}
                """;
        assertThat(read(line)).containsExactly(new ExampleContent(" x\n", null, "l", null));
    }

    @Test
    void aByteOrderMarkMayBeginAFile() throws IOException {
        assertThat(read("\uFEFF{\"text\": \"x\"}\n{\"text\": \"y\"}"))
                .extracting(ExampleContent::text)
                .containsExactly("x", "y");
        Path settings = Files.writeString(dir.resolve("config.json"), "\uFEFF{}");
        assertThat(AdapterFiles.text(settings)).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"text": "x", "label": 3}           | 3
                    {"text": "x", "label": true}        | true
                    {"text": "x", "label": ["a", 1]}    | a 1
                    {"text": "x", "answer_start": 17}   | 17
                    {"tokens": ["x"], "label": "a"}     | a
                    {"tokens": ["y"], "text": "x", "label": "a"} | a
                    """)
    void labelsHaveOneForm(String line, String label) throws IOException {
        assertThat(read(line)).containsExactly(new ExampleContent("x", null, label, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"text": "x", "labels": ["not safe", "a"]} | not safe,a
                    {"text": "x", "labels": [3]}               | 3
                    {"text": "x", "labels": []}                | ''
                    {"text": "x", "labels": 7, "label": "a"}   | a
                    """)
    void severalLabelsAreALineEach(String line, String labels) throws IOException {
        String label = labels.replace(',', '\n');
        assertThat(read(line)).containsExactly(new ExampleContent("x", null, label, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"text": "x", "target": "3.5 0"}    | 3.5 0
                    {"text": "x", "target": -3.5}       | -3.5
                    {"text": "x", "target": [1, 2.5e3]} | 1 2.5e3
                    """)
    void numbersHaveOneForm(String line, String target) throws IOException {
        assertThat(read(line)).containsExactly(new ExampleContent("x", null, null, target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"text": "a", "text": "b"}      | Record must be JSON: Duplicate field 'text'
                    {"text": "a", "x": {"y":1,"y":2}} | Record must be JSON: Duplicate field 'y'
                    {"text": "\\ud800"}             | Field text (\uD800) must be valid Unicode.
                    {"text": "a", "target": "\\udc00!"} | Field target (\uDC00!) must be valid Unicode.
                    {"text": "a", "label": ""}      | Field label () must not be empty.
                    {"text": "a", "label": []}      | Field label () must not be empty.
                    {"text": "a", "label": 0.5}     | Field label (0.5) must be text, a whole number
                    {"text": "a", "labels": "b"}    | Field labels (b) must be a list of labels
                    {"text": "a", "labels": ["b\\nc"]} | Field labels (b
                    {"text": "a", "target": true}   | Field target (true) must be text, a number
                    {"text": "a", "target": [1, "b"]} | Field target (b) must be text, a number
                    {"text": "a", "answer_start": "1"} | Field answer_start (1) must be a whole number.
                    {"text": "a"} {"text": "b"}     | Record must end after its JSON object.
                    ["text"]                        | Record must be a JSON object.
                    {"label": "a"}                  | Field text (missing) must be there.
                    {"text": "a", "text_pair": 1}   | Field text_pair (1) must be text.
                    """)
    void whatATopicRefusesAFileDoesToo(String line, String reason) {
        assertThatThrownBy(() -> read("{\"text\": \"good\"}\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(dir.resolve("lines.jsonl") + " line 2: " + reason);
    }
}
