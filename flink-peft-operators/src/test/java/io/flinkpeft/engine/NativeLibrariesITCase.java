package io.flinkpeft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where native libraries come from, each time in a process of its own. */
class NativeLibrariesITCase {

    private static final String POISON = "not a library, but anybody's program";
    private static final String LOADED = "loaded";

    @TempDir private Path directory;

    /** Loads both libraries, twice. */
    static final class Main {

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    TorchRuntime.version();
                    NativeLibraries.tokenizers();
                    System.out.println(LOADED);
                } catch (IllegalArgumentException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Test
    void aUserWithoutAHomeHasADirectoryOfItsOwn() throws Exception {
        Path poisoned = poison(directory.resolve(".djl.ai"));
        assertThat(run(homeless())).containsExactly(LOADED, LOADED);
        Path own = onlyOther(poisoned);
        assertThat(own.getFileName().toString()).startsWith("flink-peft-");
        assertThat(rights(own)).isEqualTo("rwx------");
        assertThat(own.resolve(".djl.ai/pytorch")).isDirectory();
        assertThat(own.resolve(".djl.ai/tokenizers")).isDirectory();
    }

    @Test
    void aDirectoryThatAnybodyMayWriteIsRefusedInOneLine() throws Exception {
        Path poisoned = poison(directory.resolve("cache"));
        var lines = run(List.of("-DDJL_CACHE_DIR=" + poisoned));
        assertThat(lines)
                .hasSize(2)
                .allMatch(
                        line ->
                                line.startsWith(
                                        "File (" + poisoned + ") must not be writable by others"));
    }

    @Test
    void thePlaceOfAUserWithoutAHomeIsRefusedIfAnybodyMayWriteThere() throws Exception {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Path poisoned = poison(directory.resolve("flink-peft-" + user).resolve(".djl.ai"));
        assertThat(run(homeless()))
                .hasSize(2)
                .allMatch(line -> line.startsWith("File (" + poisoned + ") must not be writable"));
    }

    @Test
    void aLibraryThatCannotBeLoadedIsOneLineEachTime() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        run(List.of("-Duser.home=" + home));
        Path pytorch = home.resolve(".djl.ai/pytorch");
        try (var files = Files.walk(pytorch)) {
            Path torch = files.filter(f -> f.endsWith("libtorch_cpu.so")).findFirst().orElseThrow();
            Files.writeString(torch, POISON);
        }
        assertThat(run(List.of("-Duser.home=" + home)))
                .hasSize(2)
                .allMatch(
                        line -> line.startsWith("Native library (libtorch) must be unpacked into "))
                .allMatch(line -> line.contains("libtorch_cpu.so"))
                .allMatch(line -> line.contains("Maybe empty that directory"));
    }

    @Test
    void aDirectoryThatCannotBeMadeIsOneLine() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(run(List.of("-DDJL_CACHE_DIR=" + file.resolve("cache"))))
                .hasSize(2)
                .allMatch(line -> line.startsWith("Native library (DJL's) must be unpacked into "));
    }

    /** As the system tells a user that it does not know. */
    private List<String> homeless() {
        return List.of("-Duser.home=?", "-Djava.io.tmpdir=" + directory);
    }

    /** A place that another user made before, with what DJL would take for its library. */
    private static Path poison(Path cache) throws IOException {
        Path version = cache.resolve("pytorch/2.7.1-20250812-cpu-linux-x86_64");
        Files.createDirectories(version);
        Files.writeString(version.resolve("libtorch.so"), POISON);
        Files.writeString(version.resolve("libc10.so"), POISON);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        return cache;
    }

    private Path onlyOther(Path poisoned) throws IOException {
        try (var all = Files.list(directory)) {
            var others =
                    all.filter(path -> !path.equals(poisoned))
                            .filter(path -> path.getFileName().toString().startsWith("flink-peft"))
                            .toList();
            assertThat(others).hasSize(1);
            return others.get(0);
        }
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private List<String> run(List<String> options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeAll(List.of("DJL_CACHE_DIR", "ENGINE_CACHE_DIR"));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
