package io.flinkpeft.method;

import io.flinkpeft.method.PatternProgram.Kind;
import io.flinkpeft.method.PatternProgram.Place;
import io.flinkpeft.method.PatternProgram.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Makes a program of a regular expression, where that is possible: of characters, classes, groups,
 * alternatives, repetitions and places. What looks around, refers back, sets flags, or is too large
 * or too deep, has none.
 */
final class PatternParser {

    /** Steps that a program has at most. */
    static final int MAX_STEPS = 2_000;

    private static final int MAX_DEPTH = 50;
    private static final int ENDLESS = -1;

    private static final String DIGITS = "0123456789";

    /** There is no program for the expression. */
    private static final class NoProgram extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoProgram() {
            super(null, null, false, false);
        }
    }

    private final String source;
    private final String group;
    private int at;
    private int depth;
    private boolean grouped;

    private PatternParser(String source, String group) {
        this.source = source;
        this.group = group;
    }

    /**
     * The program of an expression.
     *
     * @param group the name of the group to find; null for none
     */
    static Optional<PatternProgram> program(String source, String group) {
        try {
            var parser = new PatternParser(source, group);
            List<Step> steps = parser.alternatives();
            return parser.at == source.length()
                    ? Optional.of(new PatternProgram(List.copyOf(steps)))
                    : Optional.empty();
        } catch (NoProgram e) {
            return Optional.empty();
        }
    }

    private boolean more() {
        return at < source.length();
    }

    private char peek() {
        require(more());
        return source.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private boolean skip(String text) {
        boolean there = source.startsWith(text, at);
        at += there ? text.length() : 0;
        return there;
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new NoProgram();
        }
    }

    private static void require(long steps) {
        require(steps <= MAX_STEPS);
    }

    private List<Step> alternatives() {
        require(++depth <= MAX_DEPTH);
        var branches = new ArrayList<List<Step>>();
        do {
            branches.add(sequence());
        } while (skip("|"));
        depth--;
        int size = branches.stream().mapToInt(branch -> branch.size() + 2).sum() - 2;
        require((long) size);
        var steps = new ArrayList<Step>();
        for (List<Step> branch : branches) {
            if (branch.size() == size - steps.size()) {
                steps.addAll(branch); // the last one
            } else {
                steps.add(fork(1, branch.size() + 2));
                steps.addAll(branch);
                int end = size - steps.size();
                steps.add(fork(end, end));
            }
        }
        return steps;
    }

    private List<Step> sequence() {
        var steps = new ArrayList<Step>();
        while (more() && peek() != '|' && peek() != ')') {
            steps.addAll(repeated(atom()));
            require((long) steps.size());
        }
        return steps;
    }

    private List<Step> repeated(List<Step> once) {
        if (!more()) {
            return once;
        }
        int least;
        int most;
        switch (peek()) {
            case '*' -> {
                least = 0;
                most = ENDLESS;
            }
            case '+' -> {
                least = 1;
                most = ENDLESS;
            }
            case '?' -> {
                least = 0;
                most = 1;
            }
            case '{' -> {
                at++;
                least = number();
                most = skip(",") ? (peek() == '}' ? ENDLESS : number()) : least;
                require(peek() == '}');
            }
            default -> {
                return once;
            }
        }
        at++;
        boolean lazy = skip("?");
        require(!more() || "*+?{".indexOf(peek()) < 0); // possessive, or repeated twice
        return repeated(once, least, most, lazy);
    }

    private int number() {
        int start = at;
        while (more() && DIGITS.indexOf(peek()) >= 0) {
            at++;
        }
        require(at > start && at - start <= 9);
        return Integer.parseInt(source.substring(start, at));
    }

    private static List<Step> repeated(List<Step> once, int least, int most, boolean lazy) {
        require(most == ENDLESS || most >= least);
        var steps = new ArrayList<Step>();
        if (once.isEmpty()) {
            return steps;
        }
        int times = Math.max(least, most);
        require((long) (times + 1) * (once.size() + 1));
        for (int i = 0; i < least; i++) {
            steps.addAll(once);
        }
        if (most == ENDLESS) {
            steps.add(choice(once.size() + 2, lazy));
            steps.addAll(once);
            steps.add(fork(-once.size() - 1, -once.size() - 1));
        }
        for (int i = least; i < most; i++) {
            steps.add(choice((once.size() + 1) * (most - i), lazy));
            steps.addAll(once);
        }
        return steps;
    }

    private static Step fork(int first, int second) {
        return new Step(Kind.FORK, c -> false, first, second);
    }

    /** On, or past something; the lazy prefer the latter. */
    private static Step choice(int past, boolean lazy) {
        return lazy ? fork(past, 1) : fork(1, past);
    }

    private static List<Step> take(IntPredicate set) {
        return List.of(new Step(Kind.TAKE, set, 1, 1));
    }

    private static List<Step> place(IntPredicate set) {
        return List.of(new Step(Kind.PLACE, set, 1, 1));
    }

    private List<Step> atom() {
        char c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> take(characters());
            case '.' -> take(any -> any != '\n');
            case '^' -> place(where -> (where & Place.START) != 0);
            case '$' -> place(where -> (where & Place.LAST) != 0);
            case '\\' -> escaped();
            case '*', '+', '?', '{' -> throw new NoProgram();
            default -> take(other -> other == c);
        };
    }

    private List<Step> group() {
        boolean wanted = false;
        if (skip("?P<") || skip("?<")) {
            int end = source.indexOf('>', at);
            require(end > at && Character.isLetter(peek()));
            wanted = source.substring(at, end).equals(group);
            require(wanted && !grouped); // others may be there twice
            grouped = true;
            at = end + 1;
        } else if (!skip("?:")) {
            require(!more() || peek() != '?');
        }
        List<Step> inner = alternatives();
        require(next() == ')');
        if (!wanted) {
            return inner;
        }
        var steps = new ArrayList<Step>();
        steps.add(new Step(Kind.BEGIN, c -> false, 1, 1));
        steps.addAll(inner);
        steps.add(new Step(Kind.END, c -> false, 1, 1));
        return steps;
    }

    private List<Step> escaped() {
        char c = next();
        if (c == 'b' || c == 'B') {
            return place(where -> (where & Place.BOUNDARY) != 0 == (c == 'b'));
        }
        return take(set(c));
    }

    /** What a letter behind a backslash means. */
    private static IntPredicate set(char c) {
        return switch (c) {
            case 'd' -> PatternParser::digit;
            case 'D' -> other -> !digit(other);
            case 'w' -> PatternProgram::word;
            case 'W' -> other -> !PatternProgram.word(other);
            case 's' -> PatternParser::space;
            case 'S' -> other -> !space(other);
            default -> {
                require(c < 128 && !Character.isLetterOrDigit(c));
                yield other -> other == c;
            }
        };
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean space(int c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** A class, behind its bracket. */
    private IntPredicate characters() {
        boolean not = skip("^");
        IntPredicate set = c -> false;
        int parts = 0;
        do {
            char c = next();
            require(c != '[' && c != '&' && (c != ']' || parts > 0)); // Java reads these otherwise
            IntPredicate part = c == '\\' ? set(next()) : range(c);
            set = set.or(part);
            require(++parts <= MAX_DEPTH);
        } while (peek() != ']');
        at++;
        return not ? set.negate() : set;
    }

    private IntPredicate range(char from) {
        if (more() && peek() == '-' && at + 1 < source.length() && source.charAt(at + 1) != ']') {
            at++;
            char to = next();
            require(to != '\\' && to != '[' && to != '&' && to >= from);
            return c -> c >= from && c <= to;
        }
        return c -> c == from;
    }
}
