package io.flinkpeft.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which layers of one model a configuration means: PEFT's rules, in PEFT's order.
 *
 * <ol>
 *   <li>excluded layers are left out;
 *   <li>so are modules that are saved whole;
 *   <li>then a list of names, a pattern or all linear layers decide;
 *   <li>and a list of names only counts in the given layers, unless it has the whole name.
 * </ol>
 *
 * <p>As in PEFT, a module that is meant and cannot be adapted is an error; a name in a list that
 * means nothing is none, as long as another one means something.
 */
public final class TargetMatcher {

    /** From this many names on, PEFT looks for a shorter list with the same meaning. */
    private static final int MANY_NAMES = 20;

    private final String modelType;
    private final List<String> linear;
    private final List<String> others;

    /**
     * A model.
     *
     * @param modelType as {@code config.json} has it
     * @param linear the names of the linear layers, in the order of the model
     * @param others the names of all other modules, which cannot be adapted
     */
    public TargetMatcher(String modelType, List<String> linear, List<String> others) {
        this.modelType = modelType;
        this.linear = List.copyOf(linear);
        this.others = List.copyOf(others);
    }

    /**
     * The layers to adapt, in the order of the model.
     *
     * @throws IllegalArgumentException if there are none, or something is meant that is not linear
     */
    public List<LoraTarget> match(LoraConfig config) {
        TargetModules targets = listed(config);
        for (String module : others) {
            if (matches(module, targets, config.modulesToSave())) {
                throw new IllegalArgumentException(
                        "target_modules means " + module + ", which must be a linear layer.");
            }
        }
        List<LoraTarget> matched =
                linear.stream()
                        .filter(module -> matches(module, targets, config.modulesToSave()))
                        .map(module -> target(module, config))
                        .toList();
        if (matched.isEmpty()) {
            throw new IllegalArgumentException(
                    "target_modules ("
                            + targets.names()
                            + ") must mean at least one layer of the model, such as "
                            + linear.stream().findFirst().orElse("none")
                            + ".");
        }
        return matched;
    }

    /**
     * The same configuration with the layers by name, as PEFT saves it: the default and all linear
     * layers are spelled out.
     */
    public LoraConfig resolved(LoraConfig config) {
        return config.withTargets(listed(config));
    }

    private TargetModules listed(LoraConfig config) {
        TargetModules targets = config.targets();
        if (targets.names() instanceof ModuleNames.ArchitectureDefault) {
            return targets.withNames(ArchitectureTargets.lora(modelType));
        }
        if (targets.names() instanceof ModuleNames.AllLinear) {
            // a head is no target: of those a model has, PEFT leaves out the first
            Optional<String> head =
                    config.taskType() == TaskType.SEQ_CLS
                            ? List.of("score", "classifier").stream()
                                    .filter(linear::contains)
                                    .findFirst()
                            : Optional.empty();
            List<String> names =
                    linear.stream().filter(name -> !head.equals(Optional.of(name))).toList();
            return targets.withNames(names.size() < MANY_NAMES ? names : shortest(names));
        }
        return targets;
    }

    /** Ends of names that together mean these modules and no others. */
    private List<String> shortest(List<String> names) {
        List<String> unwanted = new ArrayList<>(others);
        linear.stream().filter(name -> !names.contains(name)).forEach(unwanted::add);
        return ShortestSuffixes.of(names, unwanted);
    }

    private static boolean matches(String module, TargetModules targets, List<String> saved) {
        if (targets.excluded().contains(module)
                || saved.stream().anyMatch(name -> isIn(module, name))) {
            return false;
        }
        if (!targets.names().contains(module)) {
            return false;
        }
        return targets.layers().isEmpty()
                || isWholeName(targets.names(), module)
                || layer(module, targets.layerPatterns())
                        .filter(targets.layers()::contains)
                        .isPresent();
    }

    private static boolean isWholeName(ModuleNames names, String module) {
        return names instanceof ModuleNames.Listed listed && listed.names().contains(module);
    }

    private static boolean isIn(String module, String saved) {
        return PythonPattern.of("(^|.*\\.)" + saved + "($|\\..*)").matchesStartOf(module);
    }

    private static Optional<Integer> layer(String module, List<String> patterns) {
        List<String> expressions =
                patterns.isEmpty()
                        ? List.of(".*?\\.[^.]*\\.(?P<idx>\\d+)\\.")
                        : patterns.stream()
                                .map(p -> "(?:^|.*?\\.)" + p + "\\.(?P<idx>\\d+)\\.")
                                .toList();
        return expressions.stream()
                .map(expression -> PythonPattern.of(expression).groupAtStartOf(module, "idx"))
                .flatMap(Optional::stream)
                .findFirst()
                .map(Integer::valueOf);
    }

    private static LoraTarget target(String module, LoraConfig config) {
        int rank = byPattern(config.rankPattern(), module).orElse(config.rank());
        double alpha = byPattern(config.alphaPattern(), module).orElse(config.alpha());
        return new LoraTarget(module, rank, alpha, config.scaling(rank, alpha));
    }

    private static <T> Optional<T> byPattern(Map<String, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(e -> PythonPattern.of("(.*\\.)?(" + e.getKey() + ")").matchesAllOf(module))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
