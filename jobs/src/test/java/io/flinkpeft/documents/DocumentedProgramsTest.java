package io.flinkpeft.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of program texts in ARCHITECTURE are what the texts define and call. */
class DocumentedProgramsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern QUOTED = Pattern.compile("`([\\w./]+)(\\([^`]*\\))?`");
    private static final Pattern FILE = Pattern.compile("`(\\w+\\.py)`");

    /** A row of a table, by its cells. */
    private record Row(List<String> files, List<String> defined, List<String> called) {}

    @Test
    void everyTextIsInATable() throws Exception {
        var documented = new ArrayList<String>();
        FILE.matcher(section()).results().forEach(match -> documented.add(match.group(1)));

        assertThat(documented).containsAll(texts().keySet());
        assertThat(texts().keySet()).containsAll(documented);
    }

    @Test
    void theTextsDefineAndCallWhatTheTableSays() throws Exception {
        var texts = texts();
        for (Row row : rows()) {
            String all = String.join("\n", row.files().stream().map(texts::get).toList());
            assertThat(row.defined())
                    .as("defined in %s", row.files())
                    .isNotEmpty()
                    .allMatch(name -> all.matches("(?s).*(def|class) " + name + "\\(.*"));
            assertThat(row.called())
                    .as("called in %s", row.files())
                    .allMatch(name -> all.contains("self." + name + "("));
        }
        assertThat(rows()).hasSizeGreaterThan(10);
    }

    @Test
    void theTextsOfAHookDefineIt() throws Exception {
        var texts = texts();
        int hooks = 0;
        for (List<String> cells : cells("hook")) {
            List<String> names = quoted(cells.get(0));
            List<String> files = files(cells.get(2) + cells.get(3));
            for (String file : files) {
                boolean shared = file.equals("bend.py") || file.equals("bottleneck_parts.py");
                assertThat(names)
                        .as("hooks in %s", file)
                        .allMatch(name -> shared || texts.get(file).contains("def " + name + "("));
            }
            hooks += names.size();
        }
        assertThat(hooks).isGreaterThan(8);
    }

    private static List<Row> rows() throws IOException {
        return cells("file").stream()
                .filter(cells -> !files(cells.get(0)).isEmpty())
                .map(
                        cells ->
                                new Row(
                                        files(cells.get(0)),
                                        quoted(cells.get(1)),
                                        quoted(cells.get(2))))
                .toList();
    }

    /** The cells of the rows of the table whose first head is this. */
    private static List<List<String>> cells(String head) throws IOException {
        String table = section().split("\\| " + head + " \\|")[1].split("\n\n")[0];
        return table.lines()
                .skip(2) // the rest of the head, and the line below it
                .map(line -> List.of(line.substring(1).split("\\|", -1)))
                .toList();
    }

    private static List<String> files(String cell) {
        return FILE.matcher(cell).results().map(match -> match.group(1)).toList();
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(match -> match.group(1)).toList();
    }

    private static String section() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/ARCHITECTURE.md"));
        return document.split("\n## The kernel contract\n")[1].split("\n## ")[0];
    }

    /** The program texts by their file's name. */
    private static TreeMap<String, String> texts() throws Exception {
        var texts = new TreeMap<String, String>();
        for (Path file : RepositoryFiles.of(ROOT, ".py")) {
            if (file.toString().matches(".*[/\\\\]src.main.resources.*")) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
