package io.flinkpeft.fuzz;

import io.flinkpeft.testing.TinyModels;
import java.util.List;

/** Texts, labels and names: plain ones, and such as break what reads them. */
final class OddTexts {

    private static final List<String> PLAIN = TinyModels.sentences();
    private static final List<String> LABELS = List.of("food", "weather", "sport", "news");
    private static final List<String> ODD =
            List.of(
                    "",
                    " ",
                    "\t\n ",
                    "\u0000",
                    "a\u0000b",
                    "\uFEFFrain",
                    "[CLS] [SEP] [MASK] [PAD]",
                    "</s><s><|endoftext|><mask>",
                    "\u202Eniar",
                    "e\u0301\u0301\u0301\u0301\u0301\u0301",
                    "\uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                    "\u5929\u6C17\u304C\u3044\u3044",
                    "\u0001\u001C\u0085\u2028\u00A0",
                    "'; DROP TABLE adapters; --",
                    "{\"text\": \"inner\"}",
                    "NaN",
                    "-1",
                    "\uFFFD\uFFFF");

    private final Chance chance;

    OddTexts(Chance chance) {
        this.chance = chance;
    }

    String plain() {
        return chance.of(PLAIN);
    }

    String label() {
        return chance.of(LABELS);
    }

    /** Seldom a very long one. */
    String odd() {
        if (chance.oneIn(40)) {
            return (plain() + " ").repeat(1 + chance.below(3000));
        }
        if (chance.oneIn(20)) {
            return "x".repeat(1 + chance.below(5000));
        }
        return chance.oneIn(3) ? plain() + chance.of(ODD) + plain() : chance.of(ODD);
    }
}
