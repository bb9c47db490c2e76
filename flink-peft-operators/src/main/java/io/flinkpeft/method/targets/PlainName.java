package io.flinkpeft.method.targets;

/**
 * A regular expression that is a module's name: of letters, digits, underscores, hyphens, and dots,
 * which mean any character. Most are; to match one takes no program.
 */
final class PlainName {

    private PlainName() {}

    /** Whether an expression is one. */
    static boolean is(String expression) {
        return !expression.isEmpty()
                && expression.chars().allMatch(c -> word(c) || c == '-' || c == '.');
    }

    /** Whether a module's name ends with it, from a dot on. */
    static boolean isEndOf(String module, String name) {
        return startsPart(module, module.length() - name.length(), name);
    }

    /** Whether parts of a module's name are it. */
    static boolean isPartOf(String module, String name) {
        for (int at = 0; at + name.length() <= module.length(); at++) {
            int end = at + name.length();
            boolean ends = end == module.length() || module.charAt(end) == '.';
            if (ends && startsPart(module, at, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsPart(String module, int at, String name) {
        if (at < 0 || at > 0 && module.charAt(at - 1) != '.') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != '.' && name.charAt(i) != module.charAt(at + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean word(int c) {
        return c == '_' || c < 128 && Character.isLetterOrDigit(c);
    }
}
