package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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

    @Test
    void theFailureOfCppIsKnownToo() {
        assertThat(NativeMemory.explain(new RuntimeException("std::bad_alloc")))
                .hasMessage("Native memory (std::bad_alloc" + ADVICE);
    }

    @Test
    void anotherFailureStaysAsItIs() {
        var failure = new RuntimeException("shape", new RuntimeException());

        assertThat(NativeMemory.explain(failure)).isSameAs(failure);
    }
}
