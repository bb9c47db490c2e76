package io.flinkpeft.engine;

import ai.djl.ndarray.NDManager;
import io.flinkpeft.method.Hook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The text of a program, linked from the resources in {@code io/flinkpeft/kernels}: one file an
 * architecture, one a method, one a head. They meet in the {@link Hook}s, which an architecture
 * calls and a method defines; so no architecture knows a method, and no method an architecture.
 */
public final class KernelText {

    private static final String FOLDER = "/io/flinkpeft/kernels/";
    private static final String USES = "# uses: ";

    private final StringBuilder methods = new StringBuilder();

    private final String types;

    private KernelText(BaseText base) {
        types = read("types") + base.types();
        methods.append(base.methods());
    }

    /**
     * Links a program.
     *
     * @param base what the program knows of its base
     * @param architecture its texts, such as {@code bert}
     * @param activation an expression of {@code x}, such as {@code torch.gelu(x)}
     * @param method the texts of a method's hooks, such as {@code lora} for the linear layers
     * @param task the texts of the task and its head, such as {@code classification}
     */
    public static KernelText link(
            BaseText base,
            List<String> architecture,
            String activation,
            Map<Hook, String> method,
            List<String> task) {
        var text = new KernelText(base);
        text.add("batch");
        architecture.forEach(text::add);
        var hooks = new LinkedHashSet<String>();
        for (Hook hook : Hook.values()) {
            hooks.add(method.getOrDefault(hook, hook.plain()));
        }
        linked(hooks).forEach(text::add);
        text.methods.append("def activate(self, x: Tensor) -> Tensor:\n  return ");
        text.methods.append(activation).append("\n\n");
        task.forEach(text::add);
        return text.add("step");
    }

    /** Texts, each behind those that its first line names: {@code # uses: bend}. */
    private static Set<String> linked(Set<String> names) {
        var all = new LinkedHashSet<String>();
        for (String name : names) {
            String first = read(name).lines().findFirst().orElse("");
            if (first.startsWith(USES)) {
                all.addAll(List.of(first.substring(USES.length()).split(" ")));
            }
            all.add(name);
        }
        return all;
    }

    /** A text that stands alone. */
    public static KernelText alone(String name) {
        return new KernelText(new BaseText("", "")).add(name);
    }

    /**
     * Makes a method one that Java calls with a record; see {@link TorchProgram}.
     *
     * @param arguments the record of its parameters
     */
    public KernelText entry(String method, Class<? extends Record> arguments) {
        return add(new EntryPoint(method, arguments, Optional.empty()));
    }

    /**
     * The same for a method that returns a list of named tuples.
     *
     * @param outputs the record of a tuple's tensors
     */
    public KernelText entry(
            String method, Class<? extends Record> arguments, Class<? extends Record> outputs) {
        return add(new EntryPoint(method, arguments, Optional.of(outputs)));
    }

    private KernelText add(EntryPoint entry) {
        methods.append(entry.text()).append("\n");
        return this;
    }

    private KernelText add(String name) {
        methods.append(read(name)).append("\n");
        return this;
    }

    /** The linked text: programs of equal texts are equal. */
    public String methods() {
        return methods.toString();
    }

    /** Compiles the program. */
    public TorchProgram compile(NDManager manager) {
        return TorchProgram.compile(manager, types, methods.toString());
    }

    private static String read(String name) {
        String path = FOLDER + name + ".py";
        try (InputStream in = KernelText.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "Kernel (" + name + ") must be a resource in " + FOLDER + ".");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
