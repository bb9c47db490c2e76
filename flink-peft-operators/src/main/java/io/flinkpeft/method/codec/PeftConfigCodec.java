package io.flinkpeft.method.codec;

import io.flinkpeft.method.PeftConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a method stands in PEFT's files. The keys of {@code adapter_config.json} that all methods
 * have are read and written in {@code io.flinkpeft.method.file}.
 */
public interface PeftConfigCodec {

    /** The value of {@code peft_type}. */
    String peftType();

    /** The method's own keys, as far as {@link #read} understands them. */
    Set<String> keys();

    /** The method's own keys whose features must be off: null, false, or empty. */
    default Set<String> unsupported() {
        return Set.of();
    }

    /** The method's own keys that change nothing that is computed, and are not kept. */
    default Set<String> ignored() {
        return Set.of();
    }

    /**
     * Reads the method's settings.
     *
     * @throws IllegalArgumentException if a value cannot be used
     */
    PeftConfig read(JsonValues values);

    /**
     * Refuses settings that only an adapter that was trained before may have, such as a start that
     * needs data.
     *
     * @throws IllegalArgumentException with the first of them
     */
    default void checkStart(JsonValues values) {}

    /** Puts all of the method's own keys, as PEFT would. */
    void write(PeftConfig config, Map<String, Object> json);

    /** How the method's tensors stand in its files. */
    default FileTensors tensors(PeftConfig config) {
        return FileTensors.DEFAULT;
    }

    /**
     * The last parts of the names of what the method adds to modules in PEFT's files, such as
     * {@code lora_A}; in a model's own {@code state_dict} the adapter's name follows them.
     */
    default Set<String> parameters() {
        return Set.of();
    }

    /** Keys that name files of other adapters. */
    default List<String> files() {
        return List.of();
    }

    /** Keys of {@link #ignored} that a file sets, and that a user may think to be obeyed. */
    default List<String> unused(JsonValues values) {
        return List.of();
    }
}
