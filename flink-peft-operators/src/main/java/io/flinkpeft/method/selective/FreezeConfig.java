package io.flinkpeft.method.selective;

import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.TaskType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Freeze: trains whole layers of a base, usually its last ones, and the head; all else is frozen.
 *
 * <p>Trains all values of the layers. A fresh adapter leaves the output unchanged. A step runs one
 * adapter at a time; the backward pass ends at the lowest trained layer.
 *
 * <p>Use it when adapters are few and LoRA is not enough; not for many adapters, each of which
 * holds a copy of its layers.
 *
 * @param layers how many of the last layers to train; negative: of the first ones; of an
 *     encoder-decoder, in each stack; default 2
 * @param modules which parts of these layers, such as {@code attention} or {@code output.dense};
 *     empty: all; default empty
 * @param extraModules what else to train outside the layers, such as {@code embeddings} or {@code
 *     pooler}; default empty
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://github.com/hiyouga/LLaMA-Factory">LLaMA-Factory, finetuning_type freeze</a>
 */
public record FreezeConfig(
        int layers, List<String> modules, List<String> extraModules, TaskType taskType)
        implements SelectiveConfig {

    private static final Pattern LAYER =
            Pattern.compile(
                    "(?<stack>.*?\\b(?:layer|layers|block|h))\\.(?<index>\\d+)\\.(?<rest>.*)");

    public FreezeConfig {
        modules = modules.stream().distinct().sorted().toList();
        extraModules = extraModules.stream().distinct().sorted().toList();
        if (layers == 0 && extraModules.isEmpty()) {
            throw new IllegalArgumentException(
                    "peft.freeze.layers (0) must not be 0 without peft.freeze.extra-modules. Maybe"
                            + " use 2, the default.");
        }
    }

    /** The last layers, or with a negative number the first ones. */
    public FreezeConfig(int layers) {
        this(layers, List.of(), List.of(), TaskType.UNSPECIFIED);
    }

    @Override
    public String peftType() {
        return "FREEZE";
    }

    @Override
    public FreezeConfig withTaskType(TaskType taskType) {
        return new FreezeConfig(layers, modules, extraModules, taskType);
    }

    @Override
    public String fingerprint() {
        return peftType() + " layers=" + layers + " modules=" + modules + " extra=" + extraModules;
    }

    @Override
    public List<BaseTensor> selected(List<BaseTensor> tensors) {
        Map<String, Integer> sizes = new HashMap<>();
        for (BaseTensor tensor : tensors) {
            Matcher matcher = LAYER.matcher(tensor.name());
            if (matcher.matches()) {
                sizes.merge(
                        matcher.group("stack"),
                        Integer.parseInt(matcher.group("index")) + 1,
                        Math::max);
            }
        }
        modules.forEach(m -> require("modules", m, tensors, LAYER));
        List<BaseTensor> selected = tensors.stream().filter(t -> trains(t, sizes)).toList();
        extraModules.forEach(m -> require("extra-modules", m, selected, null));
        return selected;
    }

    private static void require(
            String key, String module, List<BaseTensor> tensors, Pattern within) {
        boolean found =
                tensors.stream()
                        .map(tensor -> rest(tensor.name(), within))
                        .anyMatch(name -> starts(name, module));
        if (!found) {
            throw new IllegalArgumentException(
                    "peft.freeze." + key + " (" + module + ") must be a part of the model.");
        }
    }

    private static String rest(String name, Pattern within) {
        Matcher matcher = LAYER.matcher(name);
        return within == null ? name : matcher.matches() ? matcher.group("rest") : "";
    }

    private boolean trains(BaseTensor tensor, Map<String, Integer> sizes) {
        Matcher matcher = LAYER.matcher(tensor.name());
        if (!matcher.matches()) {
            return extraModules.stream().anyMatch(module -> starts(tensor.name(), module));
        }
        int index = Integer.parseInt(matcher.group("index"));
        int size = sizes.get(matcher.group("stack"));
        boolean layer = layers < 0 ? index < -layers : index >= size - layers;
        String rest = matcher.group("rest");
        return layer && (modules.isEmpty() || modules.stream().anyMatch(m -> starts(rest, m)));
    }

    private static boolean starts(String name, String module) {
        return (name + ".").startsWith(module + ".");
    }
}
