package io.flinkpeft.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever writes a second reader of the topic from its document reads what the code writes. */
class TopicFormatTest {

    private static final Pattern HEAD = Pattern.compile("\\| `head` \\| ([^:]*):.*");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void theHeadsAreThoseOfTheCode() throws IOException {
        String heads =
                Files.readAllLines(Path.of("..", "docs", "topic-format.md")).stream()
                        .map(HEAD::matcher)
                        .filter(row -> row.matches())
                        .map(row -> row.group(1))
                        .findFirst()
                        .orElseThrow();

        assertThat(NAME.matcher(heads).results().map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(Tasks.names());
    }
}
