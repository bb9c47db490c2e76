package io.flinkpeft.method.file;

import io.flinkpeft.safetensors.TensorView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of tensors in PEFT's files. PEFT leaves out what an adapter is called in the model it
 * was saved from; a model's own {@code state_dict} has it, as in {@code q.lora_A.default.weight}.
 */
final class AdapterNames {

    /** What a method adds to a module, the adapter's name, and the parameter of a module. */
    private static final Pattern OWN =
            Pattern.compile(
                    "(.*\\.(?:"
                            + String.join("|", new TreeSet<>(PeftCodecs.parameters()))
                            + "))"
                            + "\\.(?!weight$|bias$)([^.]+)((?:\\.weight|\\.bias)?)");

    private static final Pattern SAVED =
            Pattern.compile("(.*)\\.modules_to_save\\.([^.]+)(\\.[^.]+(?:\\..*)?)");

    private AdapterNames() {}

    /**
     * The tensors by the names that PEFT's files have.
     *
     * @throws IllegalArgumentException if they are of several adapters
     */
    static Map<String, TensorView> leaveOut(Collection<TensorView> tensors) {
        Set<String> adapters =
                tensors.stream()
                        .map(tensor -> adapter(tensor.name()))
                        .flatMap(Optional::stream)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (adapters.size() > 1) {
            throw new IllegalArgumentException(
                    "The tensors are of adapters " + adapters + ", must be of one.");
        }
        Map<String, TensorView> byName = new LinkedHashMap<>();
        for (TensorView tensor : tensors) {
            String name = adapters.isEmpty() ? tensor.name() : without(tensor.name());
            TensorView twice = byName.put(name, tensor.named(name));
            if (twice != null) {
                throw new IllegalArgumentException(
                        "Tensor " + name + " must be there once, with the adapter's name or not.");
            }
        }
        return byName;
    }

    private static Optional<String> adapter(String name) {
        Matcher own = OWN.matcher(name);
        return own.matches() ? Optional.of(own.group(2)) : Optional.empty();
    }

    private static String without(String name) {
        Matcher own = OWN.matcher(name);
        if (own.matches()) {
            return own.group(1) + own.group(3);
        }
        Matcher saved = SAVED.matcher(name);
        return saved.matches() ? saved.group(1) + saved.group(3) : name;
    }
}
