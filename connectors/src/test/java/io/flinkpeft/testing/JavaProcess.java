package io.flinkpeft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A JVM of its own, which can be killed in the middle of its work, and ends with this one. */
public final class JavaProcess implements AutoCloseable {

    /** How the JVM's report of a crash begins; it lies beside the log. */
    public static final String CRASH_REPORT = "crash-";

    private static final int STOP_SECONDS = 20;
    private static final List<String> OPTIONS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-CreateCoredumpOnCrash");

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
        command.addAll(OPTIONS);
        Path directory = log.toAbsolutePath().getParent();
        command.add("-XX:ErrorFile=" + directory.resolve(CRASH_REPORT + "%p.log"));
        command.addAll(arguments);
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
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

    /** Ends it as a fault of native code would: SIGSEGV. It leaves a report, and no core dump. */
    public void crash() {
        try {
            run(List.of("sh", "-c", "kill -s SEGV " + pid()));
        } catch (IllegalStateException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
        process.onExit().join();
        forget();
    }

    /** Waits until it has ended by itself; its status. */
    public int status(long timeout, TimeUnit unit) throws InterruptedException {
        if (!process.waitFor(timeout, unit)) {
            throw new IllegalStateException("Process must have ended. Maybe see " + log);
        }
        return process.exitValue();
    }

    /** The memory that it has of the machine, in KiB. */
    public long residentKilobytes() {
        return status("VmRSS:");
    }

    /** What the JVM answers to a command of {@code jcmd}. */
    public String jcmd(String command) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return run(List.of(jcmd, Long.toString(pid()), command));
    }

    /** Lets it have so many bytes of address space more than now, and no more from then on. */
    public void limitMemory(long more) {
        limit(Long.toString(1024 * status("VmSize:") + more));
    }

    private long status(String field) {
        try (Stream<String> status =
                Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return status.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it have all memory again. */
    public void unlimitMemory() {
        limit("unlimited");
    }

    /** The soft limit, which needs no rights to be raised again. */
    private void limit(String bytes) {
        run(List.of("prlimit", "--pid=" + pid(), "--as=" + bytes + ":"));
    }

    private static String run(List<String> command) {
        try {
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(tool.getInputStream().readAllBytes());
            if (tool.waitFor() != 0) {
                throw new IllegalStateException(command + " must end well: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted.", e);
        }
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
