package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.engine.Arithmetic;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether two processes round alike is seen. */
class NumericsITCase {

    /** libtorch's switch makes a processor out of this one that lacks its newer instructions. */
    @Test
    void otherInstructionsAreOtherNumerics() throws Exception {
        String here = Arithmetic.of(TorchDevice.CPU, FrozenDtype.FP32);
        assertThat(elsewhere(Map.of())).isEqualTo(here);
        assertThat(elsewhere(Map.of("ATEN_CPU_CAPABILITY", "default"))).isNotEqualTo(here);
    }

    private static String elsewhere(Map<String, String> environment) throws Exception {
        var builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Elsewhere.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var lines = process.inputReader()) {
            return lines.lines().reduce("", (before, line) -> line);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Prints how another process rounds. */
    static final class Elsewhere {
        public static void main(String[] args) {
            System.out.println(Arithmetic.of(TorchDevice.CPU, FrozenDtype.FP32));
        }
    }
}
