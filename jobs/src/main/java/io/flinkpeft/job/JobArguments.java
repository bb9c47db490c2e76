package io.flinkpeft.job;

import io.flinkpeft.flink.config.TrainingConfiguration;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.YamlParserUtils;
import org.apache.flink.configuration.description.TextElement;

/**
 * The arguments of a job: {@code --key value}, and {@code --config FILE} with more of them, as YAML
 * or Java properties. What stands on the command line overrules the file.
 */
final class JobArguments {

    private static final String FILE = "config";

    private JobArguments() {}

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException if one is not an option, or lacks its value
     */
    static Configuration parse(String... args) throws IOException {
        Map<String, String> given = new TreeMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--")) {
                throw new IllegalArgumentException(
                        "Argument (" + args[i] + ") must be an option such as --model.");
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " must have a value behind it.");
            }
            given.put(args[i].substring(2), args[i + 1]);
        }
        String file = given.remove(FILE);
        Map<String, String> all = new TreeMap<>(file == null ? Map.of() : read(Path.of(file)));
        all.putAll(given);
        all.keySet().forEach(JobArguments::check);
        return Configuration.fromMap(all);
    }

    private static Map<String, String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("--config (" + file + ") must be a file.");
        }
        String name = file.toString();
        return name.endsWith(".yaml") || name.endsWith(".yml")
                ? yaml(file.toFile())
                : properties(file);
    }

    private static Map<String, String> properties(Path file) throws IOException {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    private static Map<String, String> yaml(File file) {
        try {
            Map<String, String> flat = new TreeMap<>();
            flatten("", YamlParserUtils.loadYamlFile(file), flat);
            return flat;
        } catch (Exception e) { // that is what the parser declares
            throw new IllegalArgumentException(
                    "--config (" + file + ") must be YAML: " + e.getMessage(), e);
        }
    }

    private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> flat) {
        tree.forEach(
                (key, value) -> {
                    String path = prefix + key;
                    if (value instanceof Map<?, ?> group) {
                        flatten(path + ".", group, flat);
                    } else if (value instanceof List<?> list) {
                        flat.put(
                                path,
                                list.stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(";")));
                    } else {
                        flat.put(path, String.valueOf(value));
                    }
                });
    }

    private static void check(String key) {
        List<String> keys = options().stream().map(ConfigOption::key).sorted().toList();
        boolean known =
                keys.contains(key) || key.startsWith(JobOptions.KAFKA_PROPERTIES.key() + ".");
        if (!known) {
            List<String> near = near(key, keys);
            throw new IllegalArgumentException(
                    "--"
                            + key
                            + " must be an option. Maybe "
                            + (near.isEmpty()
                                    ? "see --help."
                                    : "one of " + String.join(", ", near) + "."));
        }
    }

    /** Those with the same name in any group, or else those of the same group. */
    private static List<String> near(String key, List<String> keys) {
        String name = key.substring(key.lastIndexOf('.') + 1);
        List<String> named = keys.stream().filter(k -> k.endsWith("." + name)).toList();
        if (!named.isEmpty()) {
            return named;
        }
        String group = key.replaceAll("\\..*", "");
        return keys.stream().filter(k -> k.startsWith(group + ".")).toList();
    }

    /** What {@code --help} prints. */
    static String help() {
        var text = new StringBuilder("Options, each with a value; --config FILE has more of them.");
        for (var option : options()) {
            text.append("\n  --").append(option.key());
            if (option.hasDefaultValue()) {
                text.append(" (").append(option.defaultValue()).append(')');
            }
            for (var block : option.description().getBlocks()) {
                text.append("\n      ").append(((TextElement) block).getFormat());
            }
        }
        return text.toString();
    }

    /** All options, those of the job before those of the trainer. */
    static List<ConfigOption<?>> options() {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (var field : JobOptions.class.getFields()) {
            try {
                options.add((ConfigOption<?>) field.get(null));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e); // the fields are public
            }
        }
        options.addAll(TrainingConfiguration.options());
        return options;
    }
}
