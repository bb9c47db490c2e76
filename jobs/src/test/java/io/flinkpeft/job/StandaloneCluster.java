package io.flinkpeft.job;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Flink as it is installed: a directory with {@code lib} and {@code conf}; a JobManager, a
 * TaskManager and clients, each a process of its own, started as Flink's scripts start them.
 */
final class StandaloneCluster implements AutoCloseable {

    private static final String RUNTIME = "org.apache.flink.runtime.";

    private final Path home;
    private final int restPort = freePort();
    private final List<Process> processes = new ArrayList<>();
    private Process taskManager;

    private StandaloneCluster(Path home) {
        this.home = home;
    }

    /**
     * Installs and starts a cluster with two slots.
     *
     * @param home where to install it
     * @param flink what Flink's distribution has in {@code lib}
     * @param added what is copied there
     * @param configuration lines of {@code config.yaml} beside those of Flink's own
     */
    static StandaloneCluster start(Path home, Path flink, Path added, List<String> configuration)
            throws IOException {
        var cluster = new StandaloneCluster(home);
        try {
            cluster.install(flink, added, configuration);
            cluster.startProcesses();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void install(Path flink, Path added, List<String> configuration) throws IOException {
        for (String directory : List.of("lib", "conf", "log", "plugins", "tmp")) {
            Files.createDirectories(home.resolve(directory));
        }
        for (Path from : List.of(flink, added)) {
            for (Path jar : jars(from)) {
                Files.createSymbolicLink(home.resolve("lib").resolve(jar.getFileName()), jar);
            }
        }
        var lines = new ArrayList<String>(configuration);
        settings().forEach((key, value) -> lines.add(key + ": " + value));
        Files.write(conf().resolve("config.yaml"), lines);
    }

    /** Those of Flink's own configuration file, but free ports and a second slot. */
    private Map<String, Object> settings() {
        return Map.of(
                "jobmanager.rpc.address", "localhost",
                "jobmanager.rpc.port", freePort(),
                "jobmanager.bind-host", "localhost",
                "jobmanager.memory.process.size", "1600m",
                "taskmanager.bind-host", "localhost",
                "taskmanager.host", "localhost",
                "taskmanager.memory.process.size", "1728m",
                "taskmanager.numberOfTaskSlots", 2,
                "rest.port", restPort,
                "io.tmp.dirs", home.resolve("tmp"));
    }

    /** What {@code start-cluster.sh} does. */
    private void startProcesses() throws IOException {
        Configuration configuration = GlobalConfiguration.loadConfiguration(conf().toString());
        var job = JobManagerProcessUtils.processSpecFromConfig(configuration);
        var jobManager =
                java(
                        JobManagerProcessUtils.generateJvmParametersStr(job, configuration),
                        RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint",
                        List.of());
        jobManager.addAll(List.of("--configDir", conf().toString(), "--executionMode", "cluster"));
        jobManager.addAll(words(JobManagerProcessUtils.generateDynamicConfigsStr(job)));
        launch("jobmanager", jobManager);

        var task = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        var worker =
                java(
                        ProcessMemoryUtils.generateJvmParametersStr(task),
                        RUNTIME + "taskexecutor.TaskManagerRunner",
                        List.of());
        worker.addAll(List.of("--configDir", conf().toString()));
        worker.addAll(words(TaskExecutorProcessUtils.generateDynamicConfigsStr(task)));
        taskManager = launch("taskmanager", worker);
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> rest("/overview").contains("\"slots-total\":2,"));
    }

    /** What {@code bin/flink} does, to its end. */
    String flink(String... arguments) throws IOException, InterruptedException {
        var command = java("-Xmx256m", "org.apache.flink.client.cli.CliFrontend", List.of());
        command.addAll(List.of(arguments));
        String name = "flink-" + processes.size();
        Process client = launch(name, command);
        if (!client.waitFor(2, TimeUnit.MINUTES) || client.exitValue() != 0) {
            throw new AssertionError(
                    "flink " + String.join(" ", arguments) + " must end well: " + log(name));
        }
        return log(name);
    }

    /** What {@code bin/sql-client.sh -f} does; the log has what it prints. */
    void sql(String name, String statements, Path opt) throws IOException {
        // a file may only ask for this form of results
        String mode = "SET 'sql-client.execution.result-mode' = 'TABLEAU';\n";
        Path file = Files.writeString(home.resolve(name + ".sql"), mode + statements);
        var command = java("-Xmx256m", "org.apache.flink.table.client.SqlClient", jars(opt));
        command.addAll(List.of("-f", file.toString(), "-hist", home.resolve("history").toString()));
        launch(name, command);
    }

    /** What a process has printed so far. */
    String log(String name) {
        try {
            return Files.readString(logFile(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Process taskManager() {
        return taskManager;
    }

    /** An answer of the JobManager. */
    String rest(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + restPort + path));
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    private List<String> java(String options, String main, List<Path> more) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(words(options));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        // a part of env.java.opts.all in Flink's configuration file
        for (String opened : List.of("lang", "net", "io", "nio", "text", "time", "util")) {
            command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        command.add("-Dorg.apache.logging.log4j.level=INFO");
        String classPath =
                Stream.concat(jars(home.resolve("lib")).stream(), more.stream())
                        .map(Path::toString)
                        .collect(Collectors.joining(":"));
        command.addAll(List.of("-cp", classPath, main));
        return command;
    }

    private Process launch(String name, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // not what this build sets for itself, but what the documents say
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(List.of("DJL_OFFLINE", "OPT_OUT_TRACKING"));
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.put("FLINK_CONF_DIR", conf().toString());
        environment.put("FLINK_PLUGINS_DIR", home.resolve("plugins").toString());
        builder.directory(home.toFile()).redirectOutput(logFile(name).toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Path conf() {
        return home.resolve("conf");
    }

    private Path logFile(String name) {
        return home.resolve("log").resolve(name + ".log");
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toAbsolutePath)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
