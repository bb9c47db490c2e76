package io.flinkpeft.example.chaos;

import io.flinkpeft.testing.KafkaProcess;
import io.flinkpeft.testing.StandaloneCluster;
import io.flinkpeft.testing.Waiting;
import io.flinkpeft.testing.ZooKeeperProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.admin.Admin;

/**
 * The processes: a Kafka broker, ZooKeeper, a JobManager that is highly available by it, and two
 * TaskManagers. They stay from one schedule to the next; only who is killed is started anew.
 */
final class ChaosCluster implements AutoCloseable {

    static final int TASK_MANAGERS = 2;

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path directory;
    private final Trap trap;
    private final KafkaProcess kafka;
    private final ZooKeeperProcess zooKeeper;
    private final StandaloneCluster flink;
    private CompletableFuture<Void> broker = CompletableFuture.completedFuture(null);

    private ChaosCluster(
            Path directory,
            Trap trap,
            KafkaProcess kafka,
            ZooKeeperProcess zooKeeper,
            StandaloneCluster flink) {
        this.directory = directory;
        this.trap = trap;
        this.kafka = kafka;
        this.zooKeeper = zooKeeper;
        this.flink = flink;
    }

    /**
     * Starts all processes.
     *
     * @param directory an empty one
     * @param logging the settings of Log4j for Flink's processes
     */
    static ChaosCluster start(Path directory, Path logging) throws IOException {
        var trap = new Trap(Files.createDirectories(directory.resolve("trap")));
        var kafka = KafkaProcess.start(directory.resolve("kafka"));
        var zooKeeper = ZooKeeperProcess.start(directory.resolve("zookeeper"));
        var flink =
                StandaloneCluster.start(
                        directory.resolve("flink"),
                        System.getProperty("java.class.path"),
                        List.of(
                                "-Dlog4j2.configurationFile=" + logging,
                                "-D" + Trap.DIRECTORY + "=" + trap.directory()),
                        settings(directory, zooKeeper.quorum()),
                        TASK_MANAGERS);
        return new ChaosCluster(directory, trap, kafka, zooKeeper, flink);
    }

    private static List<String> settings(Path directory, String quorum) {
        return List.of(
                "high-availability.type: zookeeper",
                "high-availability.zookeeper.quorum: " + quorum,
                "high-availability.storageDir: " + directory.resolve("ha").toUri(),
                "high-availability.zookeeper.client.session-timeout: 3000",
                "high-availability.zookeeper.client.connection-timeout: 3000",
                "high-availability.zookeeper.client.retry-wait: 500",
                "heartbeat.interval: 500",
                "heartbeat.timeout: 8000",
                "jobmanager.memory.process.size: 800m",
                "jobmanager.memory.jvm-metaspace.size: 128m",
                // so that a job of two has a task on each
                "taskmanager.load-balance.mode: SLOTS",
                "taskmanager.memory.process.size: 1200m",
                "taskmanager.memory.managed.size: 128m",
                "taskmanager.memory.network.min: 32m",
                "taskmanager.memory.network.max: 32m",
                "taskmanager.memory.jvm-metaspace.size: 160m");
    }

    /** Where a run with a topic of its own keeps checkpoints. */
    Path files(String topic) {
        return directory.resolve("runs").resolve(topic);
    }

    /** Removes a run's topic and checkpoints. */
    void forget(String topic) throws IOException, InterruptedException, ExecutionException {
        FileUtils.deleteDirectory(files(topic).toFile());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    Trap trap() {
        return trap;
    }

    StandaloneCluster flink() {
        return flink;
    }

    String servers() {
        return kafka.bootstrapServers();
    }

    /** Creates a topic and waits until it can be used. */
    void createTopic(String name, int partitions) {
        kafka.createTopic(name, partitions, Map.of());
    }

    /** Takes a topic away if it is there, and creates it. */
    void createAnew(String name, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            Waiting.until(
                    "the end of topic " + name,
                    LIMIT,
                    () -> {
                        try {
                            boolean there = admin.listTopics().names().get().contains(name);
                            if (there) {
                                admin.deleteTopics(List.of(name)).all().get();
                            }
                            return !there;
                        } catch (ExecutionException goneMeanwhile) {
                            return false;
                        }
                    });
        }
        createTopic(name, partitions);
    }

    /** Which process a number of the system means now. */
    Victim owner(long pid) {
        if (flink.jobManager().pid() == pid) {
            return Victim.JOB_MANAGER;
        }
        for (int i = 0; i < TASK_MANAGERS; i++) {
            if (flink.taskManager(i).pid() == pid) {
                return Victim.taskManager(i);
            }
        }
        throw new IllegalStateException("Process " + pid + " must be one of the cluster's.");
    }

    /** Kills processes at the same time; a signal for those of Flink. */
    void kill(Set<Victim> victims, Signal signal) {
        victims.parallelStream().forEach(victim -> kill(victim, signal));
    }

    private void kill(Victim victim, Signal signal) {
        switch (victim) {
            case JOB_MANAGER -> signal.end(flink.jobManager());
            case TASK_MANAGER_0 -> signal.end(flink.taskManager(0));
            case TASK_MANAGER_1 -> signal.end(flink.taskManager(1));
            case BROKER -> {
                broker.join(); // it may be on its way up
                kafka.kill();
            }
        }
    }

    /** Starts processes that were killed; does not wait for them. */
    void start(Set<Victim> victims) throws IOException {
        for (Victim victim : victims) {
            switch (victim) {
                case JOB_MANAGER -> flink.startJobManager();
                case TASK_MANAGER_0 -> flink.startTaskManager(0);
                case TASK_MANAGER_1 -> flink.startTaskManager(1);
                case BROKER -> broker = CompletableFuture.runAsync(this::startBroker);
            }
        }
    }

    private void startBroker() {
        try {
            kafka.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until every process is there. */
    void awaitAll() {
        broker.join();
        flink.awaitSlots(TASK_MANAGERS * StandaloneCluster.SLOTS);
    }

    @Override
    public void close() {
        flink.close();
        broker.handle((done, failure) -> null).join();
        kafka.close();
        zooKeeper.close();
    }
}
