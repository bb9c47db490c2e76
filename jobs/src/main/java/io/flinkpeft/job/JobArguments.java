package io.flinkpeft.job;

import io.flinkpeft.flink.config.TrainingConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
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
            String before = given.put(args[i].substring(2), args[i + 1]);
            if (before != null) {
                throw new IllegalArgumentException(
                        args[i] + " must be given once" + values(args[i], before, args[i + 1]));
            }
        }
        String file = given.remove(FILE);
        Map<String, String> all = new TreeMap<>(file == null ? Map.of() : ConfigFile.read(file));
        all.putAll(given);
        all.keySet().forEach(JobArguments::check);
        checkMap(all);
        Configuration options = Configuration.fromMap(all);
        options().forEach(option -> checkType(options, option));
        return options;
    }

    /** Those of Kafka's settings may be secrets. */
    private static String values(String option, String one, String other) {
        return option.startsWith("--" + JobOptions.KAFKA_PROPERTIES.key())
                ? "."
                : ", is given as " + one + " and as " + other + ".";
    }

    /** Also of what the method does not read. Flink takes a list that begins with [ for YAML. */
    private static void checkType(Configuration options, ConfigOption<?> option) {
        try {
            options.getOptional(option);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(
                    "--" + option.key() + " must not have so many lists in lists.", e);
        } catch (IllegalArgumentException e) {
            if (option.equals(JobOptions.KAFKA_PROPERTIES)) {
                // without Flink's message, which has the value: a password may be in it
                throw new IllegalArgumentException(
                        "--" + option.key() + " must be pairs, such as key:value,key:value.");
            }
            throw e;
        }
    }

    /** Flink takes the one and forgets the others. */
    private static void checkMap(Map<String, String> all) {
        String map = JobOptions.KAFKA_PROPERTIES.key();
        var others = all.keySet().stream().filter(key -> key.startsWith(map + ".")).toList();
        if (all.containsKey(map) && !others.isEmpty()) {
            throw new IllegalArgumentException(
                    "--" + map + " must not be given beside " + String.join(", ", others) + ".");
        }
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
