package io.flinkpeft.method.targets;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
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
 * <p>Of a list of names each one must mean a layer that can be adapted, or nothing at all: as in
 * PEFT, a name without a module is ignored as long as another one has some.
 */
public final class TargetMatcher {

    /** From this many names on, PEFT looks for a shorter list with the same meaning. */
    private static final int MANY_NAMES = 20;

    private final String modelType;
    private final List<String> sites;
    private final List<String> others;

    /**
     * A model.
     *
     * @param modelType as {@code config.json} has it
     * @param sites the names of the layers that can be adapted, in the order of the model
     * @param others the names of all other modules, as far as they are known
     */
    public TargetMatcher(String modelType, List<String> sites, List<String> others) {
        this.modelType = modelType;
        this.sites = List.copyOf(sites);
        this.others = List.copyOf(others);
    }

    /**
     * The layers that a method's targets mean, in the order of the model.
     *
     * @param config the method; it says the default targets, the task and what is saved whole
     * @param configured its targets
     * @throws IllegalArgumentException if there are none, or a name means only modules that cannot
     *     be adapted
     */
    public List<String> match(PeftConfig config, TargetModules configured) {
        TargetModules targets = listed(config, configured);
        if (targets.names() instanceof ModuleNames.Listed listed) {
            listed.names().forEach(name -> refuseIfUnreachable(name, config));
        }
        List<String> matched = matching(sites, targets, config);
        if (matched.isEmpty()) {
            throw new IllegalArgumentException(
                    "target_modules "
                            + targets.describe()
                            + " must mean at least one layer of the model, such as "
                            + sites.stream().findFirst().orElse("none")
                            + ".");
        }
        return matched;
    }

    private void refuseIfUnreachable(String name, PeftConfig config) {
        TargetModules alone = TargetModules.named(name);
        List<String> meant = matching(others, alone, config);
        if (!meant.isEmpty() && matching(sites, alone, config).isEmpty()) {
            throw new IllegalArgumentException(
                    "target_modules has "
                            + name
                            + ", which means "
                            + meant.get(0)
                            + ", must mean linear layers that can be adapted.");
        }
    }

    private static List<String> matching(
            List<String> modules, TargetModules targets, PeftConfig config) {
        return modules.stream().filter(m -> matches(m, targets, config.modulesToSave())).toList();
    }

    private TargetModules listed(PeftConfig config, TargetModules targets) {
        if (targets.names() instanceof ModuleNames.ArchitectureDefault) {
            return targets.withNames(PeftDefaults.targets(config.peftType(), modelType));
        }
        if (targets.names() instanceof ModuleNames.AllLinear) {
            Optional<String> head = head(config.taskType());
            return targets.withNames(
                    compact(
                            sites.stream()
                                    .filter(name -> !head.equals(Optional.of(name)))
                                    .toList()));
        }
        return targets;
    }

    /** No target of all linear layers; of the heads a model has, PEFT leaves out the first. */
    private Optional<String> head(TaskType task) {
        List<String> heads =
                task == TaskType.SEQ_CLS ? List.of("score", "classifier") : List.of("lm_head");
        return heads.stream().filter(sites::contains).findFirst();
    }

    /** These modules and no others, in fewer words if there are many. */
    private List<String> compact(List<String> names) {
        if (names.size() < MANY_NAMES) {
            return names;
        }
        List<String> unwanted = new ArrayList<>(others);
        sites.stream().filter(name -> !names.contains(name)).forEach(unwanted::add);
        return ShortestSuffixes.of(names, unwanted);
    }

    /**
     * Whether targets that are a list or a pattern mean a module.
     *
     * @param module its full name in the model
     * @param saved the names of modules that are saved whole, and so are no targets
     */
    public static boolean matches(String module, TargetModules targets, List<String> saved) {
        // names first: there may be many, and few mean a module
        if (!targets.names().contains(module)
                || targets.excluded().contains(module)
                || saved.stream().anyMatch(name -> isIn(module, name))) {
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
        if (PlainName.is(saved)) {
            return PlainName.isPartOf(module, saved);
        }
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
                .map(expression -> PythonPattern.indexAtStartOf(module, expression))
                .flatMap(Optional::stream)
                .findFirst()
                .map(Integer::valueOf);
    }

    /**
     * What a {@code rank_pattern} or {@code alpha_pattern} says of a module: the value of the first
     * key that matches the end of its name, from a dot on.
     */
    public static <T> Optional<T> byPattern(Map<String, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(e -> endsWith(module, e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean endsWith(String module, String key) {
        return PlainName.is(key)
                ? PlainName.isEndOf(module, key)
                : PythonPattern.of("(.*\\.)?(" + key + ")").matchesAllOf(module);
    }
}
