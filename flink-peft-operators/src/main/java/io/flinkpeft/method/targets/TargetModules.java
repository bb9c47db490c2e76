package io.flinkpeft.method.targets;

import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.TargetLayer;
import java.io.Serializable;
import java.util.List;

/**
 * Which layers a method adapts.
 *
 * <pre>{@code
 * TargetModules.ALL_LINEAR
 * TargetModules.named("query", "value").excluding("layer.0.attention.self.query").inLayers(0, 1)
 * }</pre>
 *
 * @param names the layers; default what PEFT takes for the architecture
 * @param excluded layers that are left out; default none
 * @param layers indices of the layers that count, if {@code names} is a list; empty means all
 * @param layerPatterns what stands before the index in a name, such as {@code layer}; empty means
 *     the first number in the name; needs {@code layers}
 * @param fanInFanOut whether the checkpoint has their weights as [in, out], which PEFT's files say
 *     of GPT-2; it decides nothing here; default false
 */
public record TargetModules(
        ModuleNames names,
        ModuleNames excluded,
        List<Integer> layers,
        List<String> layerPatterns,
        boolean fanInFanOut)
        implements Serializable {

    private static final ModuleNames NONE = new ModuleNames.Listed(List.of());

    /** What PEFT takes for the architecture. */
    public static final TargetModules DEFAULT = of(new ModuleNames.ArchitectureDefault());

    /** Every linear layer but the output layer. */
    public static final TargetModules ALL_LINEAR = of(new ModuleNames.AllLinear());

    public TargetModules {
        layers = List.copyOf(layers);
        layerPatterns = List.copyOf(layerPatterns);
        if (names.equals(NONE)) {
            throw new IllegalArgumentException("target_modules ([]) must not be empty.");
        }
        if (excluded instanceof ModuleNames.ArchitectureDefault
                || excluded instanceof ModuleNames.AllLinear) {
            throw new IllegalArgumentException(
                    "exclude_modules must be a list of names or a pattern.");
        }
        if (names instanceof ModuleNames.Matching && !layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "layers_to_transform "
                            + layers
                            + " must be absent if target_modules is a"
                            + " pattern. Maybe put the layers into the pattern.");
        }
        if (layers.isEmpty() && !layerPatterns.isEmpty()) {
            throw new IllegalArgumentException(
                    "layers_pattern "
                            + layerPatterns
                            + " must have layers_to_transform beside it.");
        }
    }

    private static TargetModules of(ModuleNames names) {
        return new TargetModules(names, NONE, List.of(), List.of(), false);
    }

    /** Layers by name, or by the end of their name from a dot on. */
    public static TargetModules named(String... names) {
        return of(new ModuleNames.Listed(List.of(names)));
    }

    /** Layers by their full names in the model. */
    public static TargetModules of(FullNames names, List<TargetLayer> targets) {
        boolean fanInFanOut =
                // as PEFT, which writes what the last of them was
                !targets.isEmpty() && targets.get(targets.size() - 1).fanInFanOut();
        return new TargetModules(
                new ModuleNames.Listed(targets.stream().map(names::of).toList()),
                NONE,
                List.of(),
                List.of(),
                fanInFanOut);
    }

    /** Layers whose whole name matches a regular expression of Python. */
    public static TargetModules matching(String pattern) {
        return of(new ModuleNames.Matching(pattern));
    }

    /** The same without these layers, by name or by the end of their name from a dot on. */
    public TargetModules excluding(String... names) {
        var excluded = new ModuleNames.Listed(List.of(names));
        return new TargetModules(this.names, excluded, layers, layerPatterns, fanInFanOut);
    }

    /** The same in these layers only, counted from 0. */
    public TargetModules inLayers(Integer... layers) {
        return new TargetModules(names, excluded, List.of(layers), layerPatterns, fanInFanOut);
    }

    /** All of it in a line, the same in every release. */
    public String describe() {
        return names.describe()
                + (excluded.equals(NONE) ? "" : " without " + excluded.describe())
                + (layers.isEmpty() ? "" : " in " + layerPatterns + layers);
    }

    TargetModules withNames(List<String> names) {
        return new TargetModules(
                new ModuleNames.Listed(names), excluded, layers, layerPatterns, fanInFanOut);
    }
}
