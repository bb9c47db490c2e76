package io.flinkpeft.merge;

import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.TargetMatcher;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses half an adapter: layers that its settings mean and its file lacks. Only the base's
 * tensors are known, so a layer is missed if its like in another layer is there, or if nothing is
 * there that has a name among the targets.
 *
 * @param base the model
 * @param changed the names of the base's tensors that the adapter changes
 * @param replaced the names of those that it replaces
 * @param prefix what the adapter has before the base's names
 */
record CompleteAdapter(ModelFiles base, Set<String> changed, Set<String> replaced, String prefix) {

    private static final String WEIGHT = ".weight";
    private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.");

    void check(SavedAdapter adapter) {
        List<String> saved = adapter.modulesToSave();
        Set<String> missing = new TreeSet<>(layers(adapter.targets(), saved));
        for (String module : saved) {
            missing.addAll(whole(module, adapter.taskHeads().contains(module)));
        }
        if (!missing.isEmpty()) {
            List<String> some = missing.stream().limit(3).toList();
            int more = missing.size() - some.size();
            throw new IllegalArgumentException(
                    "The adapter lacks "
                            + some
                            + (more == 0 ? "" : " and " + more + " more")
                            + ", its settings mean it. Maybe its file is only a part.");
        }
    }

    /**
     * Refuses layers that an adapter's settings do not mean: PEFT would leave them out without a
     * word.
     *
     * @throws IllegalArgumentException if there are any
     */
    static void requireMeant(SavedAdapter adapter) {
        TargetModules targets = adapter.targets();
        List<String> saved = adapter.modulesToSave();
        if (!isKnown(targets)) {
            return;
        }
        for (String module : adapter.modules()) {
            if (!TargetMatcher.matches(module, targets, saved)) {
                throw new IllegalArgumentException(
                        "The adapter has tensors of "
                                + module
                                + ", which target_modules "
                                + targets.describe()
                                + " must mean. Maybe its settings are those of another adapter.");
            }
        }
    }

    private static boolean isKnown(TargetModules targets) {
        return targets.names() instanceof ModuleNames.Listed
                || targets.names() instanceof ModuleNames.Matching;
    }

    private List<String> layers(TargetModules targets, List<String> saved) {
        if (!isKnown(targets)) {
            return List.of();
        }
        List<String> meant =
                base.tensors().values().stream()
                        .filter(tensor -> tensor.shape().size() == 2)
                        .map(TensorView::name)
                        .filter(name -> name.endsWith(WEIGHT) && LAYER.matcher(name).find())
                        .filter(name -> TargetMatcher.matches(module(name), targets, saved))
                        .toList();
        Set<String> kinds = changed.stream().map(CompleteAdapter::kind).collect(Collectors.toSet());
        List<String> missing = new ArrayList<>();
        for (String name : meant) {
            boolean like = kinds.contains(kind(name)) || !anyOfItsName(targets, name);
            if (!changed.contains(name) && !replaced.contains(name) && like) {
                missing.add(module(name));
            }
        }
        return missing;
    }

    /** Whether the adapter changes anything that the target's name of this tensor means. */
    private boolean anyOfItsName(TargetModules targets, String name) {
        if (!(targets.names() instanceof ModuleNames.Listed listed)) {
            return true;
        }
        return listed.names().stream()
                .map(each -> new ModuleNames.Listed(List.of(each)))
                .filter(each -> each.contains(module(name)))
                .anyMatch(each -> changed.stream().map(this::module).anyMatch(each::contains));
    }

    /** The model that was trained may have had no such module, unless it is its head. */
    private List<String> whole(String saved, boolean head) {
        List<String> meant =
                base.tensors().keySet().stream()
                        .filter(name -> isIn(prefix + name, saved))
                        .toList();
        boolean there = head || meant.stream().anyMatch(replaced::contains);
        return meant.stream()
                .filter(name -> there && !replaced.contains(name))
                .map(name -> prefix + name)
                .toList();
    }

    private static boolean isIn(String tensor, String module) {
        return tensor.startsWith(module + ".") || tensor.contains("." + module + ".");
    }

    private String module(String name) {
        return prefix + name.substring(0, name.length() - WEIGHT.length());
    }

    private static String kind(String name) {
        return LAYER.matcher(name).replaceAll(".*.");
    }
}
