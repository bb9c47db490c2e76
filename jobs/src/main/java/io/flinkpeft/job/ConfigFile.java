package io.flinkpeft.job;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.YamlParserUtils;

/** A file of options: YAML if it is called so, else Java properties. */
final class ConfigFile {

    private static final int DEEPEST = 20; // groups in groups

    private ConfigFile() {}

    /**
     * Its options with their values, as the command line would have them.
     *
     * @throws IllegalArgumentException if it cannot be read, or a value is no text and no list
     */
    static Map<String, String> read(String name) {
        Path file = path(name);
        if (!Files.isRegularFile(file)) {
            throw refused(name, "must be a file.", null);
        }
        return name.endsWith(".yaml") || name.endsWith(".yml")
                ? yaml(file.toFile())
                : properties(file);
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw refused(name, "must be a file.", e);
        }
    }

    private static IllegalArgumentException refused(Object file, String rule, Throwable cause) {
        return new IllegalArgumentException("--config (" + file + ") " + rule, cause);
    }

    private static Map<String, String> properties(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) { // the latter: a bad escape
            throw refused(file, "must be Java properties in UTF-8: " + e.getMessage(), e);
        }
        Map<String, String> all = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
        return all;
    }

    private static Map<String, String> yaml(File file) {
        Map<String, Object> tree;
        try {
            tree = YamlParserUtils.loadYamlFile(file);
        } catch (Exception | StackOverflowError e) { // that is what the parser declares, and does
            throw refused(file, "must be YAML: " + e.getMessage(), e);
        }
        Map<String, String> flat = new TreeMap<>();
        flatten(file, "", tree, flat, 0);
        return flat;
    }

    private static void flatten(
            File file, String prefix, Map<?, ?> tree, Map<String, String> flat, int depth) {
        if (depth > DEEPEST) {
            throw refused(file, "must not have more than " + DEEPEST + " groups in groups.", null);
        }
        tree.forEach(
                (key, value) -> {
                    String path = prefix + key;
                    if (value instanceof Map<?, ?> group) {
                        flatten(file, path + ".", group, flat, depth + 1);
                    } else if (flat.put(path, text(file, path, value)) != null) {
                        throw refused(file, "must have " + path + " once.", null);
                    }
                });
    }

    private static String text(File file, String path, Object value) {
        return value instanceof List<?> list
                ? list.stream()
                        .map(element -> quoted(scalar(file, path, element)))
                        .collect(Collectors.joining(";"))
                : scalar(file, path, value);
    }

    private static String scalar(File file, String path, Object value) {
        if (value == null || value instanceof Map || value instanceof List) {
            throw refused(
                    file, "must have a value or a list of values at " + path + ": " + value, null);
        }
        return value.toString();
    }

    /** An element of a list is one, whatever is in it. */
    private static String quoted(String element) {
        return element.matches("(?s).*[;'\"].*") ? "'" + element.replace("'", "''") + "'" : element;
    }
}
