package io.flinkpeft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end while it computes gradients ends, and does not crash. */
class JvmExitITCase {

    private static final int TERMINATED = 128 + 15;
    private static final String READY = "ready";

    @TempDir private Path directory;

    @Test
    void waitsForTheStepThatRunsAndAllowsNoOther() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:ErrorFile=" + directory.resolve("crash.log"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Steps.class.getName())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var output = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (line.equals(READY)) {
                    process.toHandle().destroy(); // leaves its output open
                }
            }
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(output.toString()).isEqualTo(TERMINATED);
            assertThat(output).contains("libtorch must not be called: the JVM shuts down.");
            assertThat(directory).as("no crash log").isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Computes gradients for ever, on threads as operators have them. */
    static final class Steps {

        private static final String GRADIENT =
                """
                def step(self, w: Tensor) -> List[Tensor]:
                  torch.set_grad_enabled(True)
                  x = torch.requires_grad_(torch.detach(w), True)
                  y = x
                  for i in range(2000):
                    y = torch.tanh(torch.mm(y, x))
                  gradients = torch.grad([torch.sum(y)], [x])
                  torch.set_grad_enabled(False)
                  return [unchecked_cast(Tensor, gradients[0])]
                """;

        private static final int THREADS = 4;

        public static void main(String[] args) throws IOException, InterruptedException {
            try (var manager = TorchRuntime.newManager(TorchDevice.CPU)) {
                var program = TorchProgram.compile(manager, "", GRADIENT);
                var w = manager.randomNormal(new Shape(8, 8)).duplicate();
                var threads = new ArrayList<Thread>();
                // the JVM ends when all hooks have: by then each thread was refused
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> threads.forEach(Steps::join)));
                var stepping = new CountDownLatch(4 * THREADS); // each is well under way
                for (int i = 0; i < THREADS; i++) {
                    var thread =
                            new Thread(
                                    () -> {
                                        while (true) {
                                            try (var scope = manager.newSubManager()) {
                                                program.train(scope, "step", w);
                                            }
                                            stepping.countDown();
                                        }
                                    });
                    thread.setDaemon(true);
                    thread.setUncaughtExceptionHandler((t, e) -> System.out.println(e));
                    threads.add(thread);
                    thread.start();
                }
                stepping.await();
                System.out.println(READY);
                Thread.currentThread().join();
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
