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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.apache.flink.util.FileUtils;

/**
 * Flink as it is installed: a JobManager, TaskManagers of two slots each and clients, each a
 * process of its own, started as Flink's scripts start them. All but the clients may be killed, and
 * come back.
 */
public final class StandaloneCluster implements AutoCloseable {

    /** The slots of a TaskManager. */
    public static final int SLOTS = 2;

    private static final String RUNTIME = "org.apache.flink.runtime.";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final FlinkHome home;
    private final int restPort = Ports.free();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<JavaProcess> clients = new ArrayList<>();
    private final TreeMap<Integer, JavaProcess> taskManagers = new TreeMap<>();
    private JavaProcess jobManager;

    private StandaloneCluster(FlinkHome home) {
        this.home = home;
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
        return start(FlinkHome.installed(home, List.of(flink, added)), configuration, 1);
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
        return start(new FlinkHome(home, classPath, options), configuration, taskManagers);
    }

    private static StandaloneCluster start(
            FlinkHome home, List<String> configuration, int taskManagers) throws IOException {
        var cluster = new StandaloneCluster(home);
        try {
            home.configure(cluster.settings(), configuration);
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

    /** Those of Flink's own configuration file, but free ports and a second slot. */
    private Map<String, Object> settings() {
        return Map.of(
                "jobmanager.rpc.address", "localhost",
                "jobmanager.rpc.port", Ports.free(),
                "jobmanager.bind-host", "localhost",
                "jobmanager.memory.process.size", "1600m",
                "taskmanager.bind-host", "localhost",
                "taskmanager.host", "localhost",
                "taskmanager.memory.process.size", "1728m",
                "taskmanager.numberOfTaskSlots", SLOTS,
                "rest.port", restPort);
    }

    /** What {@code jobmanager.sh start} does. */
    public void startJobManager() throws IOException {
        var configuration = home.configuration();
        var spec = JobManagerProcessUtils.processSpecFromConfig(configuration);
        jobManager =
                home.launch(
                        "jobmanager",
                        JobManagerProcessUtils.generateJvmParametersStr(spec, configuration),
                        List.of(),
                        RUNTIME + "entrypoint.StandaloneSessionClusterEntrypoint",
                        "--configDir "
                                + home.conf()
                                + " --executionMode cluster "
                                + emptied("jobmanager")
                                + JobManagerProcessUtils.generateDynamicConfigsStr(spec));
    }

    /** What {@code taskmanager.sh start} does, for the TaskManager of a number. */
    public void startTaskManager(int number) throws IOException {
        var spec = TaskExecutorProcessUtils.processSpecFromConfig(home.configuration());
        String name = number == 0 ? "taskmanager" : "taskmanager-" + number;
        taskManagers.put(
                number,
                home.launch(
                        name,
                        ProcessMemoryUtils.generateJvmParametersStr(spec),
                        List.of(),
                        RUNTIME + "taskexecutor.TaskManagerRunner",
                        "--configDir "
                                + home.conf()
                                + " "
                                + emptied(name)
                                + TaskExecutorProcessUtils.generateDynamicConfigsStr(spec)));
    }

    /** A place for files of its own: what the process before it left, when killed, is removed. */
    private String emptied(String process) throws IOException {
        Path directory = home.directory().resolve("tmp").resolve(process);
        FileUtils.deleteDirectory(directory.toFile());
        return "-D io.tmp.dirs=" + Files.createDirectories(directory) + " ";
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
        return flink(0, arguments);
    }

    /** What {@code bin/flink} prints that ends with a status. */
    public String flink(int status, String... arguments) throws IOException, InterruptedException {
        String name = "flink-" + clients.size();
        JavaProcess client =
                home.launch(
                        name,
                        "-Xmx256m",
                        List.of(),
                        "org.apache.flink.client.cli.CliFrontend",
                        String.join(" ", arguments));
        clients.add(client);
        if (client.status(5, TimeUnit.MINUTES) != status) {
            throw new IllegalStateException(
                    "flink "
                            + String.join(" ", arguments)
                            + " must end with "
                            + status
                            + ": "
                            + log(name));
        }
        return log(name);
    }

    /** What {@code bin/sql-client.sh -f} does; the log has what it prints. */
    public void sql(String name, String statements, Path opt) throws IOException {
        // a file may only ask for this form of results
        String mode = "SET 'sql-client.execution.result-mode' = 'TABLEAU';\n";
        Path file = Files.writeString(home.directory().resolve(name + ".sql"), mode + statements);
        clients.add(
                home.launch(
                        name,
                        "-Xmx256m",
                        FlinkHome.jars(opt),
                        "org.apache.flink.table.client.SqlClient",
                        "-f " + file + " -hist " + home.directory().resolve("history")));
    }

    /** What a process has printed so far. */
    public String log(String name) {
        try {
            return Files.readString(home.log(name));
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
}
