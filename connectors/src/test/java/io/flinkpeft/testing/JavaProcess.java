package io.flinkpeft.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A JVM of its own, which can be killed in the middle of its work, and ends with this one. */
public final class JavaProcess implements AutoCloseable {

    private static final int STOP_SECONDS = 20;
    private static final List<String> QUICK_START =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final Path log;
    private final Thread atExit;

    private JavaProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts this JVM's {@code java}.
     *
     * @param log what it prints is appended to this file
     * @param environment changes the environment, which is else that of this JVM
     * @param arguments what stands behind {@code java}
     */
    public static JavaProcess start(
            Path log, Consumer<Map<String, String>> environment, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.addAll(arguments);
        var builder =
                new ProcessBuilder(command)
                        .directory(log.toAbsolutePath().getParent().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        environment.accept(builder.environment());
        return new JavaProcess(builder.start(), log);
    }

    /** The system's number of it. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has ended by itself; whether it did so in time, with status 0. */
    public boolean endsWell(long timeout, TimeUnit unit) throws InterruptedException {
        return process.waitFor(timeout, unit) && process.exitValue() == 0;
    }

    /** Ends it as a power failure would: SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyExiting) {
            // the hook finds nothing to do
        }
    }

    /**
     * Must be alive.
     *
     * @throws IllegalStateException if it has ended
     */
    public void checkAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "Process ended with status " + process.exitValue() + ". Maybe see " + log);
        }
    }

    /** Asks it to end, and kills it if it does not. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
            forget();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
