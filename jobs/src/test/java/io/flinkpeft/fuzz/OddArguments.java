package io.flinkpeft.fuzz;

import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.job.JobOptions;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

/** Arguments of a job that are as they should be, then changed in one place or several. */
final class OddArguments {

    /**
     * Arguments.
     *
     * @param all as the command line has them
     * @param changed what a refusal may name: what is not as it should be
     * @param wrong whether they must be refused
     */
    record Arguments(List<String> all, Set<String> changed, boolean wrong) {}

    private static final List<String> REQUIRED =
            List.of(
                    "model",
                    "kafka.bootstrap-servers",
                    "examples.topics",
                    "adapters.topic",
                    "dead-letters.topic");

    private static final List<String> METHODS =
            List.of(
                    "lora",
                    "adalora",
                    "ia3",
                    "bitfit",
                    "freeze",
                    "full",
                    "prompt-tuning",
                    "p-tuning",
                    "prefix-tuning",
                    "bottleneck");

    /** Options that do not go together. */
    private static final List<List<String>> PAIRS =
            List.of(
                    List.of("train.order", "arrival", "train.label-wait", "1 h"),
                    List.of("train.order", "arrival", "examples.max-drift", "1 h"),
                    List.of("train.order", "arrival", "controls.topics", "c"),
                    List.of("kafka.properties", "a:b", "kafka.properties.c", "d"),
                    List.of("head.kind", "STREAM", "head.labels", "a;a"));

    private static final List<ConfigOption<?>> OPTIONS = options();

    private final Chance chance;
    private final Map<String, String> given = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private boolean wrong;

    private OddArguments(long seed) {
        chance = new Chance(seed);
    }

    /** Those of a seed. */
    static Arguments of(long seed) {
        return new OddArguments(seed).made();
    }

    private Arguments made() {
        REQUIRED.forEach(key -> given.put(key, key.contains("servers") ? "k:1" : "t"));
        while (!chance.oneIn(3)) {
            ConfigOption<?> option = chance.of(OPTIONS);
            String usual = OddValues.usual(option);
            if (usual != null) {
                given.put(option.key(), usual);
            }
        }
        if (chance.oneIn(2)) {
            given.put("peft.method", chance.of(METHODS));
        }
        do {
            change();
        } while (chance.oneIn(3));
        wrong |= !given.keySet().containsAll(REQUIRED);
        var all = new ArrayList<String>();
        given.forEach((key, value) -> all.addAll(List.of("--" + key, value)));
        if (chance.oneIn(8)) {
            misplace(all);
        }
        return new Arguments(all, changed, wrong);
    }

    private void change() {
        switch (chance.below(10)) {
            case 0 -> misspell();
            case 1 -> forget();
            case 2 -> contradict();
            default -> change(chance.of(OPTIONS));
        }
    }

    private void change(ConfigOption<?> option) {
        String value = chance.oneIn(3) ? OddValues.any(chance) : OddValues.of(option, chance);
        given.put(option.key(), value);
        changed.add(option.key());
        wrong |= OddValues.isNonsense(option, value);
    }

    private void misspell() {
        String key = chance.of(OPTIONS).key();
        String odd =
                switch (chance.below(5)) {
                    case 0 -> key.substring(chance.below(key.length()));
                    case 1 -> key.replace('-', '_').replace('.', '_') + "_";
                    case 2 -> chance.of("", ".", "-", "train", "train.", "--", "=", "\uD800");
                    case 3 -> key + "=" + OddValues.any(chance);
                    default -> key.toUpperCase(java.util.Locale.ROOT);
                };
        given.put(odd, "1");
        boolean unknown = OPTIONS.stream().noneMatch(option -> option.key().equals(odd));
        changed.add(unknown ? "--" + odd : odd); // an empty name is in every message
        wrong |= unknown;
    }

    private void forget() {
        String key = chance.of(REQUIRED);
        given.remove(key);
        changed.add(key);
    }

    private void contradict() {
        List<String> pair = chance.of(PAIRS);
        for (int i = 0; i < pair.size(); i += 2) {
            given.put(pair.get(i), pair.get(i + 1));
            changed.add(pair.get(i));
        }
    }

    /** What stands where it must not: a value alone, an option without one, an option again. */
    private void misplace(List<String> all) {
        wrong = true;
        switch (chance.below(3)) {
            case 0 -> all.add(0, alone());
            case 1 -> {
                changed.add(all.get(all.size() - 2));
                all.remove(all.size() - 1);
            }
            default -> {
                String again = all.get(2 * chance.below(all.size() / 2));
                all.addAll(List.of(again, "another"));
                changed.add(again);
            }
        }
    }

    private String alone() {
        String value = chance.of("", "-", "model", "-model", "\u0000", "\uD800");
        changed.add("(" + value + ")");
        return value;
    }

    private static List<ConfigOption<?>> options() {
        var options = new ArrayList<ConfigOption<?>>(TrainingConfiguration.options());
        for (Field field : JobOptions.class.getFields()) {
            try {
                options.add((ConfigOption<?>) field.get(null));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return options;
    }
}
