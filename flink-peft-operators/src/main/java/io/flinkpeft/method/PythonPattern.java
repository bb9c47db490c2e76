package io.flinkpeft.method;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression in Python's syntax. Where it has a {@link PatternProgram}, its work is
 * bounded; else it is one of Java, as far as that has the same, and refused if it takes too long on
 * a name. Who reads a stranger's text takes only what has a program: see {@link TopicPatterns}.
 */
public final class PythonPattern {

    /** Reads of a character; a sound pattern needs a few hundred for a name. */
    private static final int MAX_STEPS = 1_000_000;

    /** The name of the group that PEFT finds a layer's number by. */
    static final String INDEX = "idx";

    private final String source;
    private final PatternProgram program; // null if it has none
    private final Pattern pattern; // null if it has a program

    private PythonPattern(String source, PatternProgram program, Pattern pattern) {
        this.source = source;
        this.program = program;
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is not valid
     */
    public static PythonPattern of(String source) {
        return of(source, null);
    }

    /** One with a group to be found. */
    static PythonPattern of(String source, String group) {
        return PatternParser.program(source, group)
                .map(program -> new PythonPattern(source, program, null))
                .orElseGet(() -> new PythonPattern(source, null, compiled(source)));
    }

    private static Pattern compiled(String source) {
        try {
            String java =
                    source.replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>");
            return Pattern.compile(java);
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
        return program == null ? bounded(name).matches() : program.matchesAllOf(name);
    }

    /** Python's {@code re.match}, which looks at the start only. */
    boolean matchesStartOf(String name) {
        return program == null ? bounded(name).lookingAt() : program.startOf(name) != null;
    }

    /** The group {@code idx} of the match at the start, if there is one and it took part. */
    static Optional<String> indexAtStartOf(String name, String source) {
        PythonPattern pattern = of(source, INDEX);
        if (pattern.program == null) {
            Matcher matcher = pattern.bounded(name);
            return matcher.lookingAt()
                    ? Optional.ofNullable(matcher.group(INDEX))
                    : Optional.empty();
        }
        PatternProgram.Match match = pattern.program.startOf(name);
        return match == null || match.begin() < 0
                ? Optional.empty()
                : Optional.of(name.substring(match.begin(), match.end()));
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
