package io.flinkpeft.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * The directory of an installed Flink: {@code conf}, {@code log} and the like; starts processes in
 * it as Flink's scripts do.
 *
 * @param directory where it is
 * @param classPath what all processes run on
 * @param options of their JVMs
 */
record FlinkHome(Path directory, String classPath, List<String> options) {

    /** Puts jars into {@code lib}, and takes these for the class path. */
    static FlinkHome installed(Path directory, List<Path> from) throws IOException {
        Path lib = Files.createDirectories(directory.resolve("lib"));
        for (Path source : from) {
            for (Path jar : jars(source)) {
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        return new FlinkHome(directory, joined(jars(lib)), List.of());
    }

    /**
     * Writes {@code config.yaml}.
     *
     * @param settings those of Flink's own file
     * @param lines that overrule or join them
     */
    void configure(Map<String, Object> settings, List<String> lines) throws IOException {
        for (String name : List.of("conf", "log", "plugins", "tmp")) {
            Files.createDirectories(directory.resolve(name));
        }
        var all = new TreeMap<>(settings);
        for (String line : lines) {
            String[] entry = line.split(": *", 2);
            all.put(entry[0], entry[1]);
        }
        Files.write(
                conf().resolve("config.yaml"),
                all.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
    }

    /** What was written. */
    Configuration configuration() {
        return GlobalConfiguration.loadConfiguration(conf().toString());
    }

    /**
     * Starts a process.
     *
     * @param name of its log
     * @param jvm options of its JVM
     * @param more jars for its class path
     * @param main its main class
     * @param arguments those of the main class
     */
    JavaProcess launch(String name, String jvm, List<Path> more, String main, String arguments)
            throws IOException {
        var command = new ArrayList<String>(words(jvm));
        // a part of env.java.opts.all in Flink's configuration file
        for (String opened : List.of("lang", "net", "io", "nio", "text", "time", "util")) {
            command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        command.add("-Dorg.apache.logging.log4j.level=INFO");
        command.addAll(options);
        command.addAll(
                List.of("-cp", more.isEmpty() ? classPath : classPath + ":" + joined(more), main));
        command.addAll(words(arguments));
        return JavaProcess.start(log(name), this::prepare, command);
    }

    /** Not what this build sets for itself, but what the documents say. */
    private void prepare(Map<String, String> environment) {
        environment.keySet().removeAll(List.of("DJL_OFFLINE", "OPT_OUT_TRACKING"));
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put("FLINK_CONF_DIR", conf().toString());
        environment.put("FLINK_PLUGINS_DIR", directory.resolve("plugins").toString());
    }

    Path conf() {
        return directory.resolve("conf");
    }

    Path log(String name) {
        return directory.resolve("log").resolve(name + ".log");
    }

    /** The jars of a directory. */
    static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toAbsolutePath)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
