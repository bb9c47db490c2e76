package io.flinkpeft.method.targets;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A regular expression in Python's syntax. RE2 runs it, in time linear in the name; what RE2 does
 * not have, such as looking around, Java runs, and is refused if it takes too long on a name. Who
 * reads a stranger's text takes only what RE2 runs: see {@link TopicPatterns}.
 *
 * @see <a href="https://swtch.com/~rsc/regexp/regexp2.html">Cox, Regular expression matching: the
 *     virtual machine approach, 2009</a>
 */
public final class PythonPattern {

    /** Reads of a character; a sound pattern needs a few hundred for a name. */
    private static final int MAX_STEPS = 1_000_000;

    /** The name of the group that PEFT finds a layer's number by. */
    static final String INDEX = "idx";

    /** What RE2 reads otherwise than Python, or reads where Python reads nothing. */
    private static final Pattern OTHERWISE =
            Pattern.compile("\\[:|\\{,|\\\\[pPQEzCG]|\\(\\?<[A-Za-z_]|\\(\\?[a-z-]*U");

    /** What Java reads otherwise than Python within a class: a class in it, an intersection. */
    private static final Pattern CLASS_OTHERWISE = Pattern.compile("\\[[^\\]]*(?:\\[|&&)");

    private final String source;
    private final Pattern linear; // null if RE2 does not have it
    private final java.util.regex.Pattern pattern; // null if RE2 has it

    private PythonPattern(String source, Pattern linear, java.util.regex.Pattern pattern) {
        this.source = source;
        this.linear = linear;
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is not valid, or another engine than Python's would
     *     read it otherwise
     */
    public static PythonPattern of(String source) {
        if (OTHERWISE.matcher(source).find()) {
            throw refused(source, "its syntax is not Python's, or has a count without a minimum");
        }
        return linear(source)
                .map(linear -> new PythonPattern(source, linear, null))
                .orElseGet(() -> new PythonPattern(source, null, backtracking(source)));
    }

    /** Whether RE2 runs it, and reads it as Python does. */
    static boolean isLinear(String source) {
        return !OTHERWISE.matcher(source).find() && linear(source).isPresent();
    }

    private static Optional<Pattern> linear(String source) {
        try {
            return Optional.of(Pattern.compile(source));
        } catch (PatternSyntaxException e) { // Java says what is wrong, if it does not have it
            return Optional.empty();
        }
    }

    private static java.util.regex.Pattern backtracking(String source) {
        if (CLASS_OTHERWISE.matcher(source).find()) {
            throw refused(source, "a class has another or && in it");
        }
        try {
            String translated =
                    source.replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>");
            return java.util.regex.Pattern.compile(translated);
        } catch (java.util.regex.PatternSyntaxException e) {
            throw refused(source, e.getDescription());
        }
    }

    private static IllegalArgumentException refused(String source, String why) {
        return new IllegalArgumentException(
                "Pattern (" + source + ") must be a regular expression: " + why + ".");
    }

    /** Python's {@code re.fullmatch}. */
    boolean matchesAllOf(String name) {
        return linear == null ? bounded(name).matches() : linear.matcher(name).matches();
    }

    /** Python's {@code re.match}, which looks at the start only. */
    boolean matchesStartOf(String name) {
        return linear == null ? bounded(name).lookingAt() : linear.matcher(name).lookingAt();
    }

    /** The group {@code idx} of the match at the start, if there is one and it took part. */
    static Optional<String> indexAtStartOf(String name, String source) {
        PythonPattern pattern = of(source);
        if (pattern.linear == null) {
            var matcher = pattern.bounded(name);
            return Optional.ofNullable(matcher.lookingAt() ? matcher.group(INDEX) : null);
        }
        var matcher = pattern.linear.matcher(name);
        return Optional.ofNullable(matcher.lookingAt() ? matcher.group(INDEX) : null);
    }

    private java.util.regex.Matcher bounded(String name) {
        return pattern.matcher(new Counted(name));
    }

    /** A name that can be read only so often. */
    private final class Counted implements CharSequence {

        private final String text;
        private int steps;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new IllegalArgumentException(
                        "Pattern (" + source + ") takes too long to match " + text + ".");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
