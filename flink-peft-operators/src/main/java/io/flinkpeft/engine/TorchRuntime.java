package io.flinkpeft.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** libtorch in this process: loaded once, offline, with the settings that every step relies on. */
public final class TorchRuntime {

    /** Intra-op threads of every step: slots run side by side, one thread each. */
    public static final int INTRA_OP_THREADS = 1;

    /** Every call that may take long passes it. */
    static final ExitGate EXIT = ExitGate.ofJvm();

    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    private TorchRuntime() {}

    /** A manager that owns what is made with it, on the given device. */
    public static NDManager newManager(TorchDevice device) {
        return NativeLibraries.torch().newBaseManager(device.toDjl());
    }

    /** libtorch's version, such as {@code 2.7.1}. */
    public static String version() {
        return NativeLibraries.torch().getVersion();
    }

    /** How many GPUs libtorch can use. */
    public static int gpuCount() {
        return NativeLibraries.torch().getGpuCount();
    }

    /**
     * A new thread multiplies with as many threads as there are processors until libtorch first
     * tells it otherwise, and so its first products could have other last bits than all later ones.
     *
     * <p>libtorch keeps the graph executor's optimisation per thread, on by default: it only costs,
     * as programs run once per shape, and it has failed on mixed dtypes. Gradient recording is on
     * by default in every thread but the one that loaded the engine.
     */
    static void prepareThread() {
        if (!PREPARED.get()) {
            NativeLibraries.torch().getEngineName();
            JniUtils.setNumThreads(INTRA_OP_THREADS);
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setGradMode(true);
            PREPARED.set(true);
        }
    }
}
