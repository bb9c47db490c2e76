package io.flinkpeft.method.targets;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import io.flinkpeft.method.codec.JsonValues;
import java.util.List;

/**
 * The regular expressions of a configuration that nobody vouches for. All of their work is bounded
 * before any is done: RE2 must have each, and together they have no more than {@link #MAX_STEPS}
 * steps. Names count nothing.
 */
public final class TopicPatterns {

    /**
     * Steps of all expressions: RE2 takes at most as many for a character of a module's name. An
     * expression has as many as characters, times the counts in its braces.
     */
    public static final int MAX_STEPS = 4_000;

    /** Groups within groups; RE2 compiles each by a call of its own. */
    private static final int MAX_GROUPS = 50;

    /** What is put around an expression of {@code layers_pattern}. */
    private static final int AROUND_LAYERS = 20;

    private static final int SHOWN = 100;

    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?");

    private long steps;

    private TopicPatterns() {}

    /**
     * Looks at all keys that may hold expressions.
     *
     * @throws IllegalArgumentException if RE2 does not have one, or all together are too large
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
        add(steps(expression)); // before it is compiled, which takes as much
        if (expression.chars().filter(c -> c == '(').count() > MAX_GROUPS
                || !PythonPattern.isLinear(expression)
                || !PythonPattern.isLinear("(" + expression + ")")) { // as some are used
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + shown(expression)
                            + ") must be a name or a simple pattern: of characters, groups,"
                            + " alternatives and repetitions. Maybe name the layers.");
        }
    }

    private static long steps(String expression) {
        long steps = expression.length() + 1;
        var counts = COUNT.matcher(expression);
        while (counts.find() && steps <= MAX_STEPS) {
            steps *= Math.max(1, Math.max(count(counts.group(1)), count(counts.group(2))));
        }
        return steps;
    }

    private static int count(String digits) {
        boolean none = digits == null || digits.isEmpty();
        return none ? 0 : digits.length() > 4 ? MAX_STEPS : Integer.parseInt(digits);
    }

    private void add(long more) {
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
