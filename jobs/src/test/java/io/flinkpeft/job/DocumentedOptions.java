package io.flinkpeft.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * A table of options in a document, below a line that names their class:
 *
 * <pre>{@code
 * <!-- options of io.flinkpeft.sql.FlinkPeftOptions -->
 * | key | default | |
 * |---|---|---|
 * | `model` | required | the base model |
 * | `device` | `auto` | where it runs |
 * }</pre>
 *
 * @param document where it stands
 * @param className the class with the options
 * @param defaults by key: the value between backticks, else the word in the column
 */
record DocumentedOptions(Path document, String className, Map<String, String> defaults) {

    private static final Pattern CLASS = Pattern.compile("<!-- options of (\\S+) -->");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (`?)([^`|]+)\\2 \\| .*");

    /** All such tables of a document. */
    static List<DocumentedOptions> of(Path document) throws IOException {
        var tables = new ArrayList<DocumentedOptions>();
        DocumentedOptions table = null;
        for (String line : Files.readAllLines(document)) {
            var name = CLASS.matcher(line);
            var row = ROW.matcher(line);
            if (name.matches()) {
                table = new DocumentedOptions(document, name.group(1), new LinkedHashMap<>());
                tables.add(table);
            } else if (line.isBlank()) {
                table = null;
            } else if (table != null && row.matches()) {
                table.defaults.put(row.group(1), row.group(3));
            }
        }
        return tables;
    }

    /**
     * Whether a table's word is an option's default: the value itself, {@code empty} for a list, a
     * map or a text without anything in it, {@code required} or {@code none} where there is none.
     */
    static boolean isDefault(String documented, ConfigOption<?> option) {
        if (!option.hasDefaultValue()) {
            return List.of("required", "none").contains(documented);
        }
        if (isEmpty(option.defaultValue())) {
            return documented.equals("empty");
        }
        return Configuration.fromMap(Map.of(option.key(), documented))
                .get(option)
                .equals(option.defaultValue());
    }

    private static boolean isEmpty(Object value) {
        return value instanceof Collection<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value.equals("");
    }

    @Override
    public String toString() {
        return className + " in " + document.getFileName();
    }
}
