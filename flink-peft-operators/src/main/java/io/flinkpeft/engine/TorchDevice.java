package io.flinkpeft.engine;

import ai.djl.Device;

/**
 * Where tensors live and steps run.
 *
 * @param gpu the index of the GPU, or -1 for the CPU
 */
public record TorchDevice(int gpu) {

    /** The CPU. */
    public static final TorchDevice CPU = new TorchDevice(-1);

    /**
     * Reads {@code cpu}, {@code gpu:i} or {@code auto}, which is the first GPU if there is one.
     *
     * @throws IllegalArgumentException if the name is another, or there is no such GPU
     */
    public static TorchDevice of(String name) {
        if (name.equals("cpu")) {
            return CPU;
        }
        int gpus = TorchRuntime.gpuCount();
        if (name.equals("auto")) {
            return gpus > 0 ? new TorchDevice(0) : CPU;
        }
        if (!name.matches("gpu:\\d{1,3}")) {
            throw new IllegalArgumentException("Device (" + name + ") must be cpu, gpu:i or auto.");
        }
        int index = Integer.parseInt(name.substring("gpu:".length()));
        if (index >= gpus) {
            throw new IllegalArgumentException(
                    "Device (" + name + ") must be one of this machine's " + gpus + " GPUs.");
        }
        return new TorchDevice(index);
    }

    /** {@code cpu} or {@code gpu}: adapters trained on different classes differ in their bits. */
    public String deviceClass() {
        return gpu < 0 ? "cpu" : "gpu";
    }

    Device toDjl() {
        return gpu < 0 ? Device.cpu() : Device.gpu(gpu);
    }

    @Override
    public String toString() {
        return gpu < 0 ? "cpu" : "gpu:" + gpu;
    }
}
