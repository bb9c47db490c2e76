package io.flinkpeft.flink.config;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetModules;
import io.flinkpeft.method.selective.FullConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The tuning methods by their names in {@code peft.method}. */
final class Methods {

    private static final Map<String, Function<Configuration, PeftConfig>> METHODS = new TreeMap<>();

    static {
        METHODS.put("lora", LoraOptions::lora);
        METHODS.put("adalora", AdaLoraOptions::adalora);
        METHODS.put("ia3", Ia3Options::ia3);
        METHODS.put("bitfit", SelectiveOptions::bitFit);
        METHODS.put("freeze", SelectiveOptions::freeze);
        METHODS.put("full", options -> new FullConfig());
        METHODS.put("prompt-tuning", PromptOptions::prompt);
        METHODS.put("p-tuning", PromptOptions::pTuning);
        METHODS.put("prefix-tuning", PromptOptions::prefix);
        METHODS.put("bottleneck", BottleneckOptions::bottleneck);
        METHODS.put("fusion", BottleneckOptions::fusion);
    }

    private Methods() {}

    /** The method that the options name, with its settings. */
    static PeftConfig method(Configuration options) {
        String name = options.get(TrainingOptions.METHOD);
        var method = METHODS.get(name.toLowerCase(Locale.ROOT));
        if (method == null) {
            throw new IllegalArgumentException(
                    "peft.method (" + name + ") must be one of " + METHODS.keySet() + ".");
        }
        try {
            return method.apply(options);
        } catch (IllegalArgumentException e) {
            throw named(options, e);
        }
    }

    /** Methods name their settings as PEFT's files do; the user knows the options. */
    private static IllegalArgumentException named(Configuration options, RuntimeException e) {
        Map<String, String> given = new TreeMap<>(options.toMap());
        given.keySet().removeIf(key -> !key.startsWith("peft."));
        boolean names = given.keySet().stream().anyMatch(e.getMessage()::contains);
        return new IllegalArgumentException(
                names || given.isEmpty()
                        ? e.getMessage()
                        : e.getMessage() + " It comes of " + described(given) + ".",
                e);
    }

    private static String described(Map<String, String> given) {
        return given.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Layers by their names; all linear ones have a name too. */
    static TargetModules targets(Configuration options, ConfigOption<List<String>> option) {
        var names = options.getOptional(option);
        if (names.isEmpty()) {
            return TargetModules.DEFAULT;
        }
        return names.get().equals(List.of("all-linear"))
                ? TargetModules.ALL_LINEAR
                : TargetModules.named(names.get().toArray(String[]::new));
    }
}
