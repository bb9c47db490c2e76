package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In which type the weights of frozen linear layers are kept; all else is fp32. */
public enum FrozenDtype {
    FP32("fp32", 6),
    BF16("bf16", 15);

    private static final Logger LOG = LoggerFactory.getLogger(FrozenDtype.class);

    /** The system property that says what {@code auto} is in this process; for tests. */
    static final String AUTO = "flinkpeft.auto-dtype";

    private static final String MEASURED = "auto";
    private static final Map<TorchDevice, FrozenDtype> FASTER = new ConcurrentHashMap<>();

    // bf16 costs accuracy, so it must win clearly
    private static final double WORTHWHILE = 1.3;

    private static final String PROBE =
            """
            def cast(self, x: Tensor, kind: int) -> List[Tensor]:
              return [torch.contiguous(torch.to(x, kind))]
            def run(self, x: Tensor, w: Tensor) -> List[Tensor]:
              return [torch.to(torch.linear(torch.to(x, ops.prim.dtype(w)), w), 6)]
            """;

    private final String label;
    private final int torchCode;

    FrozenDtype(String label, int torchCode) {
        this.label = label;
        this.torchCode = torchCode;
    }

    /** {@code fp32} or {@code bf16}. */
    public String label() {
        return label;
    }

    /**
     * Reads {@code fp32}, {@code bf16} or {@code auto}: the type that the system property {@value
     * #AUTO} names, else the faster one, which is measured once a device in the life of the
     * process.
     *
     * @throws IllegalArgumentException if the name is another
     */
    public static FrozenDtype of(String name, TorchDevice device) {
        if (!name.equals(MEASURED)) {
            return named(name);
        }
        String fixed = System.getProperty(AUTO, MEASURED);
        return fixed.equals(MEASURED)
                ? FASTER.computeIfAbsent(device, FrozenDtype::probe)
                : named(fixed);
    }

    private static FrozenDtype named(String name) {
        return Arrays.stream(values())
                .filter(d -> d.label.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "dtype (" + name + ") must be fp32, bf16 or auto."));
    }

    /** Casts weights to their types; bf16 tensors are only handles for DJL. */
    public static final class Caster implements AutoCloseable {
        private final TorchProgram program;

        /** A caster for tensors of the manager. */
        public Caster(NDManager manager) {
            program = TorchProgram.compile(manager, "", PROBE);
        }

        /** A copy of the weight in the given type, owned by the manager. */
        public NDArray cast(NDManager owner, NDArray weight, FrozenDtype dtype) {
            return program.train(owner, "cast", weight, (long) dtype.torchCode).get(0);
        }

        private NDArray run(NDManager scope, NDArray x, NDArray weight) {
            return program.train(scope, "run", x, weight).get(0);
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private static FrozenDtype probe(TorchDevice device) {
        try (NDManager manager = TorchRuntime.newManager(device);
                Caster caster = new Caster(manager)) {
            double fp32 = millis(manager, caster, FP32);
            double bf16 = millis(manager, caster, BF16);
            FrozenDtype faster = fp32 > WORTHWHILE * bf16 ? BF16 : FP32;
            LOG.info(
                    "A linear layer takes {} ms in fp32 and {} ms in bf16 on {}: frozen layers are"
                            + " kept in {}.",
                    String.format("%.2f", fp32),
                    String.format("%.2f", bf16),
                    device,
                    faster.label);
            return faster;
        }
    }

    private static double millis(NDManager manager, Caster caster, FrozenDtype dtype) {
        int runs = 7;
        double[] millis = new double[runs];
        NDArray x = manager.ones(new Shape(256, 384));
        NDArray weight = caster.cast(manager, manager.ones(new Shape(1536, 384)), dtype);
        for (int i = 0; i < runs; i++) {
            try (NDManager scope = manager.newSubManager()) {
                long start = System.nanoTime();
                caster.run(scope, x, weight).getFloat(0, 0);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[runs / 2];
    }
}
