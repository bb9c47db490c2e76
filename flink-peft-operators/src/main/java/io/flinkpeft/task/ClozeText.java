package io.flinkpeft.task;

import io.flinkpeft.model.Passage;
import io.flinkpeft.model.SpannedTokens;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.model.Tokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A filled template as tokens.
 *
 * @param tokens of it, special ones included, {@link Tokens#VIRTUAL} where virtual ones stand
 * @param mask the place of the mask; -1 if there is none
 */
public record ClozeText(Tokens tokens, int mask) {

    /**
     * Fills a template.
     *
     * @param room the most tokens, virtual ones not counted
     * @throws IllegalArgumentException if the template alone has more
     */
    public static ClozeText of(
            Cloze cloze, String text, String pair, TextTokenizer tokenizer, int room) {
        Cloze.Filled filled = cloze.filled(text, pair, tokenizer.mask());
        SpannedTokens all = tokenizer.spanned(filled.text());
        List<Integer> kept = kept(all, filled, room);
        if (kept.size() > room) {
            throw new IllegalArgumentException(
                    "template ("
                            + cloze.template()
                            + ") has "
                            + kept.size()
                            + " tokens, must have at most "
                            + room
                            + ".");
        }
        return placed(all, kept, filled, tokenizer.maskId());
    }

    /** The tokens that stay: the longer text loses its last ones first. */
    private static List<Integer> kept(SpannedTokens all, Cloze.Filled filled, int room) {
        List<Integer> kept = new ArrayList<>();
        Deque<Integer> first = new ArrayDeque<>();
        Deque<Integer> second = new ArrayDeque<>();
        for (int i = 0; i < all.spans().size(); i++) {
            kept.add(i);
            if (meets(all.spans().get(i), filled.first())) {
                first.add(i);
            } else if (meets(all.spans().get(i), filled.second())) {
                second.add(i);
            }
        }
        while (kept.size() > room && !(first.isEmpty() && second.isEmpty())) {
            kept.remove((first.size() >= second.size() ? first : second).removeLast());
        }
        return kept;
    }

    private static boolean meets(Passage.Span span, Cloze.Part part) {
        return span.start() < part.end() && span.end() > part.start();
    }

    /** The kept tokens with the virtual ones between them. */
    private static ClozeText placed(
            SpannedTokens all, List<Integer> kept, Cloze.Filled filled, long maskId) {
        List<Long> ids = new ArrayList<>();
        Deque<Cloze.Virtual> virtual = new ArrayDeque<>(filled.virtual());
        boolean inside = false;
        int mask = -1;
        for (int i : kept) {
            Passage.Span span = all.spans().get(i);
            boolean around = span.equals(SpannedTokens.NOTHING);
            inside |= !around;
            while (inside
                    && !virtual.isEmpty()
                    && (around || virtual.peek().at() <= span.start())) {
                add(virtual.remove(), ids);
            }
            boolean here = filled.mask().equals(Cloze.Part.NONE) || meets(span, filled.mask());
            if (mask < 0 && here && all.tokens().ids()[i] == maskId) {
                mask = ids.size();
            }
            ids.add(all.tokens().ids()[i]);
        }
        virtual.forEach(rest -> add(rest, ids));
        long[] values = ids.stream().mapToLong(Long::longValue).toArray();
        boolean cut = kept.size() < all.spans().size();
        return new ClozeText(new Tokens(values, new long[values.length], cut), mask);
    }

    private static void add(Cloze.Virtual virtual, List<Long> ids) {
        for (int i = 0; i < virtual.tokens(); i++) {
            ids.add(Tokens.VIRTUAL);
        }
    }
}
