package io.flinkpeft.method.targets;

import java.io.Serializable;
import java.util.List;

/**
 * Names of layers, in one of PEFT's four ways to say it. A layer's name is its path in the model,
 * such as {@code bert.encoder.layer.0.attention.self.query}.
 */
public sealed interface ModuleNames extends Serializable {

    /**
     * Whether a layer is meant.
     *
     * @throws IllegalStateException if that depends on the model; see {@link TargetMatcher}
     */
    boolean contains(String module);

    /** All of it in a line, the same in every release. */
    String describe();

    /** What PEFT takes for the architecture. */
    record ArchitectureDefault() implements ModuleNames {
        @Override
        public boolean contains(String module) {
            throw new IllegalStateException("depends on the architecture");
        }

        @Override
        public String describe() {
            return "default";
        }
    }

    /** Every linear layer but the output layer. */
    record AllLinear() implements ModuleNames {
        @Override
        public boolean contains(String module) {
            throw new IllegalStateException("depends on the model");
        }

        @Override
        public String describe() {
            return "all-linear";
        }
    }

    /**
     * Whole names, or ends of names from a dot on: {@code query} means every layer whose last part
     * is {@code query}.
     *
     * @param names in no particular order; sorted here
     */
    record Listed(List<String> names) implements ModuleNames {

        public Listed {
            names = names.stream().distinct().sorted().toList();
        }

        @Override
        public boolean contains(String module) {
            return names.stream()
                    .anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        }

        @Override
        public String describe() {
            return names.toString();
        }
    }

    /**
     * Every layer whose whole name matches.
     *
     * @param pattern a regular expression of Python
     */
    record Matching(String pattern) implements ModuleNames {

        public Matching {
            PythonPattern.of(pattern);
        }

        @Override
        public boolean contains(String module) {
            return PythonPattern.of(pattern).matchesAllOf(module);
        }

        @Override
        public String describe() {
            return "/" + pattern + "/";
        }
    }
}
