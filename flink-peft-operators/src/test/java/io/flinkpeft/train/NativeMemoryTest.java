package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeMemoryTest {

    private static final String ADVICE =
            ") must suffice for the base, the adapters in memory and a step. Maybe lower"
                    + " cache.bytes, train.examples-per-step or train.max-tokens, or raise"
                    + " taskmanager.memory.task.off-heap.size.";

    @Test
    void theLineThatSaysWhatLacksIsFoundInATraceOfTorchScript() {
        var failure =
                new RuntimeException(
                        """
                        The following operation failed in the TorchScript interpreter.
                          File "code/__torch__.py", line 246, in activate
                            return torch.gelu(x)
                        RuntimeError: DefaultCPUAllocator: can't allocate memory: you tried 8 bytes.
                        """);

        assertThat(NativeMemory.explain(new IllegalStateException("A step failed.", failure)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Native memory (RuntimeError: DefaultCPUAllocator: can't allocate memory:"
                                + " you tried 8 bytes."
                                + ADVICE)
                .hasRootCause(failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"std::bad_alloc", "Map failed", "CUDA out of memory."})
    void failuresOfOthersThanLibtorchAreKnownToo(String message) {
        assertThat(NativeMemory.explain(new UncheckedIOException(new IOException(message))))
                .hasMessage("Native memory (java.io.IOException: " + message + ADVICE);
    }

    @Test
    void anotherFailureStaysAsItIs() {
        var failure = new RuntimeException("shape", new RuntimeException());

        assertThat(NativeMemory.explain(failure)).isSameAs(failure);
    }
}
