package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.flink.config.TrainingConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

/** The tables of options in the pages of the methods say what the code does. */
class MethodPagesTest {

    private static final Path PAGES = Path.of("..", "docs", "methods");
    private static final Pattern ROW = Pattern.compile("\\| `(peft\\.[^`]*)` \\| (.*?) \\| .*");

    /** A row of a table, and the line before it. */
    private record Row(String page, String key, String value, String before) {}

    @Test
    void everyOptionOfAMethodIsOnAPage() throws IOException {
        assertThat(rows().stream().map(Row::key).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        TrainingConfiguration.options().stream()
                                .map(ConfigOption::key)
                                .filter(key -> key.startsWith("peft."))
                                .toList());
    }

    @Test
    void defaultsAreThoseOfTheCode() throws IOException {
        for (Row row : rows()) {
            ConfigOption<?> option =
                    TrainingConfiguration.options().stream()
                            .filter(each -> each.key().equals(row.key()))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no option " + row));
            assertThat(DocumentedOptions.isDefault(row.value().replace("`", ""), option))
                    .as("default of %s", row)
                    .isTrue();
        }
    }

    @Test
    void aRowStandsInATable() throws IOException {
        assertThat(rows()).allMatch(row -> row.before().startsWith("|"));
    }

    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        try (Stream<Path> pages = Files.list(PAGES)) {
            for (Path page : pages.sorted().toList()) {
                String before = "";
                for (String line : Files.readAllLines(page)) {
                    Matcher row = ROW.matcher(line);
                    if (row.matches()) {
                        String name = page.getFileName().toString();
                        rows.add(new Row(name, row.group(1), row.group(2), before));
                    }
                    before = line;
                }
            }
        }
        return rows;
    }
}
