package io.flinkpeft.method;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression in Python's syntax, as far as Java has the same. A pattern that takes too
 * long on a name is refused: it may come from a stranger's file.
 */
public final class PythonPattern {

    /** Reads of a character; a sound pattern needs a few hundred for a name. */
    private static final int MAX_STEPS = 1_000_000;

    private final String source;
    private final Pattern pattern;

    private PythonPattern(String source, Pattern pattern) {
        this.source = source;
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is not valid
     */
    public static PythonPattern of(String source) {
        try {
            String java =
                    source.replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>");
            return new PythonPattern(source, Pattern.compile(java));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "Pattern ("
                            + source
                            + ") must be a regular expression: "
                            + e.getDescription()
                            + ".",
                    e);
        }
    }

    /** Python's {@code re.fullmatch}. */
    boolean matchesAllOf(String name) {
        return bounded(name).matches();
    }

    /** Python's {@code re.match}, which looks at the start only. */
    boolean matchesStartOf(String name) {
        return bounded(name).lookingAt();
    }

    /** A group of the match at the start, if there is one. */
    Optional<String> groupAtStartOf(String name, String group) {
        Matcher matcher = bounded(name);
        return matcher.lookingAt() ? Optional.of(matcher.group(group)) : Optional.empty();
    }

    private Matcher bounded(String name) {
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
