package io.flinkpeft.method;

import java.util.List;

/**
 * How a model with a head calls what it has: modules of the bare model stand behind a prefix, those
 * beside it do not.
 *
 * @param prefix what stands before the names of the bare model's modules, such as {@code bert.};
 *     empty for the bare model
 * @param beside the modules beside it, such as {@code lm_head}
 */
public record FullNames(String prefix, List<String> beside) {

    /** Those of the bare model. */
    public static final FullNames BARE = new FullNames("", List.of());

    public FullNames {
        beside = List.copyOf(beside);
    }

    /** The full name of a module or a tensor. */
    public String of(String name) {
        return beside.stream().anyMatch(module -> (name + ".").startsWith(module + "."))
                ? name
                : prefix + name;
    }

    /** The full name of a layer. */
    public String of(TargetLayer site) {
        return of(site.module());
    }
}
