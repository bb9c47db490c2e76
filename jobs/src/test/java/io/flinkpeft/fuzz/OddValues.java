package io.flinkpeft.fuzz;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** Values of options, as somebody writes them who mistook the option, the unit or the quotes. */
final class OddValues {

    private static final List<String> NUMBERS =
            List.of(
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "-1",
                    "0",
                    "1",
                    "2",
                    "-0.0",
                    "0.5",
                    "65537",
                    "2147483647",
                    "2147483648",
                    "-2147483648",
                    "9223372036854775807",
                    "9223372036854775808",
                    "1e308",
                    "1e39",
                    "1e999",
                    "1e-400",
                    "0x10",
                    "1_000",
                    "\uFF11\uFF12",
                    "1 2",
                    "1;2",
                    "7f");

    private static final List<String> QUANTITIES =
            List.of(
                    "-1 s",
                    "0 ms",
                    "1 ns",
                    "1 h",
                    "1 fortnight",
                    "PT-1S",
                    "PT2562047788015215H",
                    "9223372036854775807 ms",
                    "9223372036854775807 d",
                    "106751991167 d",
                    "10 kb",
                    "0 b",
                    "-1 b",
                    "9223372036854775807 b",
                    "99999999999 tb",
                    "1 xb");

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "ten",
                    "null",
                    "true",
                    "yes",
                    "\u0000",
                    "a\u0000b",
                    "a\nb",
                    "a\tb",
                    "\uD800",
                    "\uDC00x",
                    "\uD83D\uDE00",
                    "e\u0301",
                    ";",
                    "a;;b",
                    "'a",
                    "a'b",
                    "'a;b'",
                    "a:b,c",
                    "a:b",
                    ":",
                    "=",
                    "..",
                    "/",
                    "/nowhere",
                    "{",
                    "{}",
                    "[1,2",
                    "[".repeat(20_000),
                    "x".repeat(70_000),
                    "a;".repeat(2_000),
                    "--model",
                    "%s %n",
                    "$1\\",
                    "((){100000}){100000}",
                    "\u202Erohta",
                    "-");

    private static final List<String> NAMES =
            List.of(
                    "lora",
                    "LORA",
                    "lora ",
                    "full",
                    "adalora",
                    "ia3",
                    "bitfit",
                    "freeze",
                    "prompt-tuning",
                    "p-tuning",
                    "prefix-tuning",
                    "bottleneck",
                    "fusion",
                    "CLOZE",
                    "CAUSAL_LM",
                    "DORA",
                    "OPTIMIZER",
                    "PISSA",
                    "event-time",
                    "EVENT_TIME",
                    "event_time",
                    "arrival",
                    "earliest",
                    "allow-change",
                    "ignore",
                    "gpu:-1",
                    "bf16",
                    "all-linear");

    private OddValues() {}

    static String any(Chance chance) {
        return chance.of(
                chance.of(NUMBERS), chance.of(QUANTITIES), chance.of(TEXTS), chance.of(NAMES));
    }

    /** One of the kind that the option takes, but seldom within its bounds. */
    static String of(ConfigOption<?> option, Chance chance) {
        Object value = option.defaultValue();
        if (value instanceof Number) {
            return chance.of(NUMBERS);
        }
        if (value instanceof Duration || value instanceof MemorySize) {
            return chance.of(QUANTITIES);
        }
        return value instanceof Enum<?> ? chance.of(NAMES) : any(chance);
    }

    /** Whether nobody could say what the value means for the option. */
    static boolean isNonsense(ConfigOption<?> option, String value) {
        Object usual = option.defaultValue();
        boolean typed =
                usual instanceof Number
                        || usual instanceof Duration
                        || usual instanceof MemorySize
                        || usual instanceof Boolean
                        || usual instanceof Enum<?>;
        boolean trained = option.key().matches("(train|head)\\..*");
        return typed && List.of("ten", "", "-", "{").contains(value)
                || trained && usual instanceof Double && value.equals("NaN");
    }

    /** The default, as one would write it; null if there is none. */
    static String usual(ConfigOption<?> option) {
        Object value = option.defaultValue();
        if (value instanceof Collection<?> list) {
            return list.isEmpty()
                    ? null
                    : list.stream().map(Object::toString).collect(Collectors.joining(";"));
        }
        if (value == null || value instanceof Map<?, ?> || value.equals("")) {
            return null;
        }
        return value instanceof Boolean
                ? value.toString().toUpperCase(Locale.ROOT)
                : value.toString();
    }
}
