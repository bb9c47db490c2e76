package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A TorchScript program, compiled by libtorch from text: stateless, all tensors come in as
 * arguments. Several threads may run it at once.
 */
public final class TorchProgram implements AutoCloseable {

    private final PtSymbolBlock block;
    private final long handle;

    private TorchProgram(PtSymbolBlock block) {
        this.block = block;
        this.handle = block.getHandle();
    }

    /**
     * Compiles a program.
     *
     * @param types named tuples that the methods use
     * @param methods {@code def}s without indentation, the first parameter {@code self}
     * @throws IllegalArgumentException if libtorch does not accept the text, with its message
     */
    public static TorchProgram compile(NDManager manager, String types, String methods) {
        try {
            Path file = Files.createTempFile("program", ".pt");
            try {
                Files.write(file, TorchArchive.of(types, methods));
                var none = new String[0];
                TorchRuntime.EXIT.enter();
                try {
                    return new TorchProgram(
                            JniUtils.loadModule(
                                    (PtNDManager) manager, file, false, none, none, true));
                } finally {
                    TorchRuntime.EXIT.leave();
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "Program must be accepted by libtorch: " + e.getMessage(), e);
        }
    }

    /**
     * Runs a method with gradient recording possible.
     *
     * @param scope owns the result
     * @param args tensors, arrays or lists of tensors, {@code Long}, {@code Double}, {@code
     *     Boolean}, {@code long[]} or {@code double[]}
     */
    public List<NDArray> train(NDManager scope, String method, Object... args) {
        return run(scope, method, true, args);
    }

    /** Runs a method in inference mode; its results cannot take part in training. */
    public List<NDArray> infer(NDManager scope, String method, Object... args) {
        return run(scope, method, false, args);
    }

    /**
     * Runs a method whose arguments and results are records; its text must have been linked with
     * them by {@link KernelText#entry}.
     *
     * @param outputs the record of what the method returns a list of
     */
    public <R extends Record> List<R> train(
            NDManager scope, String method, Record arguments, Class<R> outputs) {
        Object[] values = ProgramRecords.values(arguments);
        return ProgramRecords.cut(train(scope, EntryPoint.name(method), values), outputs);
    }

    /** Runs a method whose arguments are a record in inference mode. */
    public List<NDArray> infer(NDManager scope, String method, Record arguments) {
        return infer(scope, EntryPoint.name(method), ProgramRecords.values(arguments));
    }

    private List<NDArray> run(NDManager scope, String method, boolean gradients, Object... args) {
        TorchRuntime.prepareThread();
        TorchRuntime.EXIT.enter();
        try {
            return TorchCalls.run(handle, method, gradients, (PtNDManager) scope, args);
        } finally {
            TorchRuntime.EXIT.leave();
        }
    }

    @Override
    public void close() {
        block.close();
    }
}
