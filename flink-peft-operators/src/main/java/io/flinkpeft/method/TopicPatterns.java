package io.flinkpeft.method;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The regular expressions of a configuration that nobody vouches for. All of their work is bounded
 * before any is done: each must have a {@link PatternProgram}, and all together no more than {@link
 * #MAX_STEPS} steps. Names count nothing.
 */
public final class TopicPatterns {

    /** Steps of all programs of a configuration. */
    public static final int MAX_STEPS = 1_000;

    /** What is put around an expression of {@code layers_pattern}. */
    private static final int AROUND_LAYERS = 20;

    private static final int SHOWN = 100;

    private int steps;

    private TopicPatterns() {}

    /**
     * Looks at all keys that may hold expressions.
     *
     * @throws IllegalArgumentException if one has no program, or all together are too large
     */
    public static void check(JsonValues values) {
        var patterns = new TopicPatterns();
        for (String key : List.of("target_modules", "exclude_modules", "feedforward_modules")) {
            JsonNode value = values.value(key);
            if (value.isTextual()) {
                patterns.add(key, value.asText());
            }
        }
        for (String layers : values.texts("layers_pattern")) {
            patterns.add("layers_pattern", layers);
            patterns.add(layers.length() + AROUND_LAYERS);
        }
        values.texts("modules_to_save").forEach(name -> patterns.add("modules_to_save", name));
        for (String key : List.of("rank_pattern", "alpha_pattern")) {
            values.value(key).fieldNames().forEachRemaining(name -> patterns.add(key, name));
        }
    }

    private void add(String key, String expression) {
        if (PlainName.is(expression)) {
            return;
        }
        // as it is used: some are put into a group
        var program = PatternParser.program("(" + expression + ")", null);
        if (program.isEmpty() || PatternParser.program(expression, null).isEmpty()) {
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + shown(expression)
                            + ") must be a name or a simple pattern: of characters, groups,"
                            + " alternatives and repetitions. Maybe name the layers.");
        }
        add(program.get().steps().size() + 1);
    }

    private void add(int more) {
        steps += more;
        if (steps > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "Patterns need more than "
                            + MAX_STEPS
                            + " steps a character, must need at most as many. Maybe name the"
                            + " layers.");
        }
    }

    private static String shown(String expression) {
        return expression.length() <= SHOWN ? expression : expression.substring(0, SHOWN) + "...";
    }
}
