package io.flinkpeft.method.lora;

import io.flinkpeft.method.codec.FileTensors;

/**
 * Which tensors are in LoRA's files.
 *
 * @param bias which of the base's biases are trained
 */
record LoraTensors(LoraBias bias) implements FileTensors {

    @Override
    public boolean saved(String tensor) {
        return !PissaRow.isStart(tensor);
    }

    /**
     * With all biases trained, PEFT saves each of a head three times, and reads back the one by its
     * plain name.
     */
    @Override
    public boolean redundant(String fileTensor) {
        return FileTensors.super.redundant(fileTensor)
                || bias == LoraBias.ALL
                        && fileTensor.endsWith(".bias")
                        && (fileTensor.contains(".modules_to_save.")
                                || fileTensor.contains(".original_module."));
    }
}
