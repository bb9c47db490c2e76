package io.flinkpeft.method.targets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ends of names, from a dot on, that tell some names from all others; PEFT's algorithm. */
final class ShortestSuffixes {

    private ShortestSuffixes() {}

    /**
     * Suffixes that every wanted name ends with one of, and no unwanted name.
     *
     * @return the wanted names themselves if there are no shorter ones
     */
    static List<String> of(List<String> wanted, List<String> unwanted) {
        Set<String> taken = new HashSet<>();
        unwanted.forEach(name -> taken.addAll(suffixes(name)));
        Set<String> chosen = new LinkedHashSet<>();
        wanted.stream()
                .map(ShortestSuffixes::suffixes)
                .sorted(ShortestSuffixes::compare)
                .forEach(suffixes -> choose(suffixes, taken, chosen));
        return chosen.isEmpty() || chosen.size() >= wanted.size() ? wanted : List.copyOf(chosen);
    }

    private static void choose(List<String> suffixes, Set<String> taken, Set<String> chosen) {
        String name = suffixes.get(suffixes.size() - 1);
        if (chosen.contains(name) || chosen.stream().anyMatch(s -> name.endsWith("." + s))) {
            return;
        }
        suffixes.stream().filter(s -> !taken.contains(s)).findFirst().ifPresent(chosen::add);
    }

    /** From the last part to the whole name. */
    private static List<String> suffixes(String name) {
        var suffixes = new ArrayList<String>();
        for (int dot = name.lastIndexOf('.'); dot >= 0; dot = name.lastIndexOf('.', dot - 1)) {
            suffixes.add(name.substring(dot + 1));
        }
        suffixes.add(name);
        return suffixes;
    }

    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = Comparator.<String>naturalOrder().compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }
}
