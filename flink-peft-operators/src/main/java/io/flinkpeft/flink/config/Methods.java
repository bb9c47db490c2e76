package io.flinkpeft.flink.config;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.method.targets.TargetModules;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * The registry of options of methods: how each is made of them, by its name in {@code peft.method}.
 */
final class Methods {

    private static final Map<String, Method> METHODS = new TreeMap<>();

    static {
        add("lora", LoraOptions::lora, LoraOptions.class, "peft.lora.");
        add("adalora", AdaLoraOptions::adalora, AdaLoraOptions.class, "peft.adalora.");
        add("ia3", Ia3Options::ia3, Ia3Options.class, "peft.ia3.");
        add("bitfit", SelectiveOptions::bitFit, SelectiveOptions.class, "peft.bitfit.");
        add("freeze", SelectiveOptions::freeze, SelectiveOptions.class, "peft.freeze.");
        add("full", options -> new FullConfig(), SelectiveOptions.class);
        add("prompt-tuning", PromptOptions::prompt, PromptOptions.class, "peft.prompt.");
        add(
                "p-tuning",
                PromptOptions::pTuning,
                PromptOptions.class,
                "peft.p-tuning.",
                "peft.prompt.pooled");
        add("prefix-tuning", PromptOptions::prefix, PromptOptions.class, "peft.prefix.");
        add(
                "bottleneck",
                BottleneckOptions::bottleneck,
                BottleneckOptions.class,
                "peft.bottleneck.");
        add("fusion", BottleneckOptions::fusion, BottleneckOptions.class, "peft.fusion.");
    }

    /**
     * A method.
     *
     * @param config how it is made
     * @param options the class whose constants are its options, and perhaps those of others
     * @param keys what the keys begin with that it is made of
     */
    private record Method(
            Function<Configuration, PeftConfig> config, Class<?> options, List<String> keys) {}

    private static void add(
            String name,
            Function<Configuration, PeftConfig> config,
            Class<?> options,
            String... keys) {
        METHODS.put(name, new Method(config, options, List.of(keys)));
    }

    private Methods() {}

    /** What {@code peft.method} may be. */
    static Set<String> names() {
        return METHODS.keySet();
    }

    /** The classes with the options of all methods. */
    static Set<Class<?>> options() {
        return METHODS.values().stream()
                .map(Method::options)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The method that the options name, with its settings. */
    static PeftConfig method(Configuration options) {
        Method method = named(options);
        try {
            return method.config().apply(options);
        } catch (IllegalArgumentException e) {
            throw explained(options, e);
        }
    }

    private static Method named(Configuration options) {
        String name = options.get(TrainingOptions.METHOD);
        Method method = METHODS.get(name.toLowerCase(Locale.ROOT));
        if (method == null) {
            throw new IllegalArgumentException(
                    "peft.method (" + name + ") must be one of " + names() + ".");
        }
        return method;
    }

    /** Whether an option is one of methods, and not of the one that the options name. */
    static boolean ofAnother(Configuration options, ConfigOption<?> option) {
        return option.key().startsWith("peft.")
                && !option.equals(TrainingOptions.METHOD)
                && named(options).keys().stream().noneMatch(option.key()::startsWith);
    }

    /** Methods name their settings as PEFT's files do; the user knows the options. */
    private static IllegalArgumentException explained(Configuration options, RuntimeException e) {
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
