package io.flinkpeft.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Flink as it is installed: a JobManager, TaskManagers of two slots each and clients, each a
 * process of its own, started as Flink's scripts start them. All but the clients may be killed, and
 * come back.
 */
public final class StandaloneCluster implements AutoCloseable {

    /** The slots of a TaskManager. */
    public static final int SLOTS = 2;

    private static final String RUNTIME = "org.apache.flink.runtime.";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path home;
    private final String classPath;
    private final List<String> options;
    private final int restPort = Ports.free();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<JavaProcess> clients = new ArrayList<>();
    private final TreeMap<Integer, JavaProcess> taskManagers = new TreeMap<>();
    private JavaProcess jobManager;

    private StandaloneCluster(Path home, String classPath, List<String> options) {
        this.home = home;
        this.classPath = classPath;
        this.options = options;
    }

    /**
     * Installs and starts a cluster with one TaskManager.
     *
     * @param home where to install it
     * @param flink what Flink's distribution has in {@code lib}
     * @param added what is copied there
     * @param configuration lines of {@code config.yaml} beside those of Flink's own
     */
    public static StandaloneCluster start(
            Path home, Path flink, Path added, List<String> configuration) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib"));
        for (Path from : List.of(flink, added)) {
            for (Path jar : jars(from)) {
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        String classPath = jars(lib).stream().map(Path::toString).collect(Collectors.joining(":"));
        return start(home, classPath, List.of(), configuration, 1);
    }

    /**
     * Starts a cluster on a class path.
     *
     * @param home where its files go
     * @param classPath what all processes run on
     * @param options of their JVMs
     * @param configuration lines of {@code config.yaml} that overrule or join Flink's own
     * @param taskManagers how many
     */
    public static StandaloneCluster start(
            Path home,
            String classPath,
            List<String> options,
            List<String> configuration,
            int taskManagers)
            throws IOException {
        var cluster = new StandaloneCluster(home, classPath, options);
        try {
            cluster.configure(configuration);
            cluster.startJobManager();
            for (int i = 0; i < taskManagers; i++) {
                cluster.startTaskManager(i);
            }
            cluster.awaitSlots(SLOTS * taskManagers);
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void configure(List<String> configuration) throws IOException {
        for (String directory : List.of("conf", "log", "plugins", "tmp")) {
            Files.createDirectories(home.resolve(directory));
        }
        var settings = settings();
        for (String line : configuration) {
            String[] entry = line.split(": *", 2);
            settings.put(entry[0], entry[1]);
        }
        Files.write(
                conf().resolve("config.yaml"),
                settings.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
    }

    /** Those of Flink's own configuration file, but free ports and a second slot. */
    private Map<String, Object> settings() {
        return new TreeMap<>(
                Map.of(
                        "jobmanager.rpc.address", "localhost",
                        "jobmanager.rpc.port", Ports.free(),
                        "jobmanager.bind-host", "localhost",
                        "jobmanager.memory.process.size", "1600m",
                        "taskmanager.bind-host", "localhost",
                        "taskmanager.host", "localhost",
                        "taskmanager.memory.process.size", "1728m",
                        "taskmanager.numberOfTaskSlots", SLOTS,
                        "rest.port", restPort,
                        "io.tmp.dirs", home.resolve("tmp")));
    }

    /** What {@code jobmanager.sh start} does. */
    public void startJobManager() throws IOException {
        var configuration = configuration();
        var spec = JobManagerProcessUtils.processSpecFromConfig(configuration);
        jobManager =
                launch(
                        "jobmanager",
                        JobManagerProcessUtils.generateJvmParametersStr(spec, configuration),
                        List.of(),
                        RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint",
                        "--configDir "
                                + conf()
                                + " --executionMode cluster "
                                + JobManagerProcessUtils.generateDynamicConfigsStr(spec));
    }

    /** What {@code taskmanager.sh start} does, for the TaskManager of a number. */
    public void startTaskManager(int number) throws IOException {
        var spec = TaskExecutorProcessUtils.processSpecFromConfig(configuration());
        taskManagers.put(
                number,
                launch(
                        number == 0 ? "taskmanager" : "taskmanager-" + number,
                        ProcessMemoryUtils.generateJvmParametersStr(spec),
                        List.of(),
                        RUNTIME + "taskexecutor.TaskManagerRunner",
                        "--configDir "
                                + conf()
                                + " "
                                + TaskExecutorProcessUtils.generateDynamicConfigsStr(spec)));
    }

    /** Waits until so many slots are there. */
    public void awaitSlots(int slots) {
        Waiting.until(
                slots + " slots",
                LIMIT,
                () -> {
                    try {
                        return rest("/overview").contains("\"slots-total\":" + slots + ",");
                    } catch (IOException notYet) {
                        jobManager.checkAlive();
                        return false;
                    }
                });
    }

    /** What {@code bin/flink} does, to its end. */
    public String flink(String... arguments) throws IOException, InterruptedException {
        String name = "flink-" + clients.size();
        JavaProcess client =
                launch(
                        name,
                        "-Xmx256m",
                        List.of(),
                        "org.apache.flink.client.cli.CliFrontend",
                        String.join(" ", arguments));
        clients.add(client);
        if (!client.endsWell(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException(
                    "flink " + String.join(" ", arguments) + " must end well: " + log(name));
        }
        return log(name);
    }

    /** What {@code bin/sql-client.sh -f} does; the log has what it prints. */
    public void sql(String name, String statements, Path opt) throws IOException {
        // a file may only ask for this form of results
        String mode = "SET 'sql-client.execution.result-mode' = 'TABLEAU';\n";
        Path file = Files.writeString(home.resolve(name + ".sql"), mode + statements);
        clients.add(
                launch(
                        name,
                        "-Xmx256m",
                        jars(opt),
                        "org.apache.flink.table.client.SqlClient",
                        "-f " + file + " -hist " + home.resolve("history")));
    }

    /** What a process has printed so far. */
    public String log(String name) {
        try {
            return Files.readString(logFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JobManager that was started last. */
    public JavaProcess jobManager() {
        return jobManager;
    }

    /** The first TaskManager. */
    public JavaProcess taskManager() {
        return taskManager(0);
    }

    /** The TaskManager of a number that was started last. */
    public JavaProcess taskManager(int number) {
        return taskManagers.get(number);
    }

    /** Where the JobManager answers. */
    public int restPort() {
        return restPort;
    }

    /** An answer of the JobManager. */
    public String rest(String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + restPort + path))
                        .timeout(Duration.ofSeconds(5));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        clients.forEach(JavaProcess::kill);
        taskManagers.values().forEach(JavaProcess::kill);
        if (jobManager != null) {
            jobManager.kill();
        }
    }

    private JavaProcess launch(
            String name, String jvm, List<Path> more, String main, String arguments)
            throws IOException {
        var command = new ArrayList<String>(words(jvm));
        // a part of env.java.opts.all in Flink's configuration file
        for (String opened : List.of("lang", "net", "io", "nio", "text", "time", "util")) {
            command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        command.add("-Dorg.apache.logging.log4j.level=INFO");
        command.addAll(options);
        command.add("-cp");
        command.add(
                Stream.concat(Stream.of(classPath), more.stream().map(Path::toString))
                        .collect(Collectors.joining(":")));
        command.add(main);
        command.addAll(words(arguments));
        return JavaProcess.start(logFile(name), this::prepare, command);
    }

    /** Not what this build sets for itself, but what the documents say. */
    private void prepare(Map<String, String> environment) {
        environment.keySet().removeAll(List.of("DJL_OFFLINE", "OPT_OUT_TRACKING"));
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.put("FLINK_CONF_DIR", conf().toString());
        environment.put("FLINK_PLUGINS_DIR", home.resolve("plugins").toString());
    }

    private Configuration configuration() {
        return GlobalConfiguration.loadConfiguration(conf().toString());
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
}
