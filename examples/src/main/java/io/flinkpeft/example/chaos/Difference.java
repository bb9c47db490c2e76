package io.flinkpeft.example.chaos;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How a run differs from the clean one; all empty if it does not.
 *
 * @param lost versions that the clean run has
 * @param duplicated versions that came more than once
 * @param changed versions with other bytes, and such as the clean run has not
 * @param pointers adapters whose pointer went another way
 * @param state keyed states with other bytes
 */
record Difference(
        List<String> lost,
        List<String> duplicated,
        List<String> changed,
        List<String> pointers,
        List<String> state) {

    static final Difference NONE =
            new Difference(List.of(), List.of(), List.of(), List.of(), List.of());

    static Difference between(Observed clean, Observed run) {
        return new Difference(
                clean.versions().keySet().stream()
                        .filter(version -> !run.versions().containsKey(version))
                        .toList(),
                run.versions().entrySet().stream()
                        .filter(version -> version.getValue().size() > 1)
                        .map(Map.Entry::getKey)
                        .toList(),
                run.versions().entrySet().stream()
                        .filter(v -> !same(clean.versions().get(v.getKey()), v.getValue()))
                        .map(Map.Entry::getKey)
                        .toList(),
                unequal(clean.pointers(), run.pointers()),
                unequal(clean.state(), run.state()));
    }

    private static boolean same(List<String> clean, List<String> run) {
        return clean != null && clean.containsAll(run);
    }

    private static <T> List<String> unequal(Map<String, T> clean, Map<String, T> run) {
        var keys = new TreeSet<>(clean.keySet());
        keys.addAll(run.keySet());
        return keys.stream().filter(k -> !Objects.equals(clean.get(k), run.get(k))).toList();
    }

    @JsonIgnore
    boolean isNone() {
        return Stream.of(lost, duplicated, changed, pointers, state).allMatch(List::isEmpty);
    }
}
