package io.flinkpeft.method.codec;

import io.flinkpeft.method.FullNames;

/** How a method's tensors stand in its files; the defaults are those of most of PEFT's methods. */
public interface FileTensors {

    /** The defaults. */
    FileTensors DEFAULT = new FileTensors() {};

    /**
     * The name of one of the method's tensors in its files.
     *
     * @param tensor its name in the row
     * @param names how the model with its head calls its modules
     */
    default String fileName(String tensor, FullNames names) {
        return headPrefix() + names.of(tensor);
    }

    /** What stands before the names of the model's own head in the method's files. */
    default String headPrefix() {
        return PeftAdapter.PREFIX;
    }

    /**
     * Whether a tensor of a file may have or lack the prefix of the base's modules, whatever the
     * head.
     */
    default boolean prefixOptional(String fileTensor) {
        return false;
    }

    /**
     * Whether a tensor of a file says nothing new: of a language model's embeddings that are
     * targets PEFT saves the base's weight too.
     */
    default boolean redundant(String fileTensor) {
        return fileTensor.endsWith(PeftAdapter.BASE_WEIGHT);
    }

    /** Whether a tensor of the row is in the method's files; what only training needs is not. */
    default boolean saved(String tensor) {
        return true;
    }
}
