package io.flinkpeft.method;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A regular expression as a program, run over a name by all its threads at once: the work is at
 * most the steps of the program for each character, whatever the expression. It gives what Python's
 * {@code re} gives.
 *
 * @see <a href="https://swtch.com/~rsc/regexp/regexp2.html">Cox, Regular expression matching: the
 *     virtual machine approach, 2009</a>
 */
record PatternProgram(List<Step> steps) {

    /** What a step does. */
    enum Kind {
        /** Takes a character that {@link Step#set} has. */
        TAKE,
        /** Goes on at both places, the first one first. */
        FORK,
        /** Goes on if {@link Step#set} holds for a place in the name. */
        PLACE,
        /** Remembers where the group begins. */
        BEGIN,
        /** Remembers where the group ends. */
        END
    }

    /**
     * A step.
     *
     * @param set of characters, or of places: see {@link #place}
     * @param first what follows, counted from here
     * @param second what follows else, counted from here
     */
    record Step(Kind kind, IntPredicate set, int first, int second) {}

    /** A place that a program has reached, and what it found of the group on its way. */
    private record Thread(int step, int begin, int end) {}

    /**
     * A match.
     *
     * @param begin where the group begins; -1 if it took no part
     * @param end behind its last character; -1 if it took no part
     */
    record Match(int begin, int end) {}

    /** What {@link Step#set} of {@link Kind#PLACE} is asked. */
    static int place(String text, int at) {
        boolean before = at > 0 && word(text.charAt(at - 1));
        boolean after = at < text.length() && word(text.charAt(at));
        int left = text.length() - at;
        boolean last = left == 0 || left == 1 && text.charAt(at) == '\n';
        return (at == 0 ? Place.START : 0)
                | (last ? Place.LAST : 0)
                | (before != after ? Place.BOUNDARY : 0);
    }

    /** Bits of a place in a name. */
    static final class Place {
        static final int START = 1;
        static final int LAST = 2;
        static final int BOUNDARY = 4;

        private Place() {}
    }

    static boolean word(int c) {
        return c == '_' || c < 128 && Character.isLetterOrDigit(c);
    }

    /** Whether all of a text matches. */
    boolean matchesAllOf(String text) {
        List<Thread> threads = follow(List.of(new Thread(0, -1, -1)), text, 0);
        for (int at = 0; at < text.length(); at++) {
            threads = follow(taken(threads, text.charAt(at)), text, at + 1);
        }
        return threads.stream().anyMatch(this::done);
    }

    /** What Python finds at the start of a text; null if nothing. */
    Match startOf(String text) {
        List<Thread> threads = follow(List.of(new Thread(0, -1, -1)), text, 0);
        Match found = null;
        for (int at = 0; !threads.isEmpty(); at++) {
            for (int i = 0; i < threads.size(); i++) {
                if (done(threads.get(i))) {
                    found = new Match(threads.get(i).begin(), threads.get(i).end());
                    threads = threads.subList(0, i); // those behind it are not preferred
                    break;
                }
            }
            if (at == text.length()) {
                break;
            }
            threads = follow(taken(threads, text.charAt(at)), text, at + 1);
        }
        return found;
    }

    private boolean done(Thread thread) {
        return thread.step() == steps.size();
    }

    private List<Thread> taken(List<Thread> threads, char c) {
        var next = new ArrayList<Thread>();
        for (Thread thread : threads) {
            if (!done(thread)) {
                Step step = steps.get(thread.step());
                if (step.set().test(c)) {
                    next.add(new Thread(thread.step() + 1, thread.begin(), thread.end()));
                }
            }
        }
        return next;
    }

    /** The threads at a character or at the end, each place once, those preferred first. */
    private List<Thread> follow(List<Thread> from, String text, int at) {
        var reached = new ArrayList<Thread>();
        var seen = new boolean[steps.size() + 1];
        var open = new ArrayDeque<Thread>();
        int place = place(text, at);
        for (Thread start : from) {
            open.push(start);
            while (!open.isEmpty()) {
                Thread thread = open.pop();
                if (seen[thread.step()]) {
                    continue;
                }
                seen[thread.step()] = true;
                if (done(thread) || steps.get(thread.step()).kind() == Kind.TAKE) {
                    reached.add(thread);
                } else {
                    pushNext(thread, place, at, open);
                }
            }
        }
        return reached;
    }

    private void pushNext(Thread thread, int place, int at, ArrayDeque<Thread> open) {
        Step step = steps.get(thread.step());
        int next = thread.step() + 1;
        switch (step.kind()) {
            case FORK -> {
                open.push(new Thread(thread.step() + step.second(), thread.begin(), thread.end()));
                open.push(new Thread(thread.step() + step.first(), thread.begin(), thread.end()));
            }
            case PLACE -> {
                if (step.set().test(place)) {
                    open.push(new Thread(next, thread.begin(), thread.end()));
                }
            }
            case BEGIN -> open.push(new Thread(next, at, thread.end()));
            case END -> open.push(new Thread(next, thread.begin(), at));
            case TAKE -> throw new IllegalStateException("takes a character");
        }
    }
}
