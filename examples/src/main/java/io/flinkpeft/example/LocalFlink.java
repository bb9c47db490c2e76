package io.flinkpeft.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this JVM; jobs come to it over REST, as they would to any other. */
public final class LocalFlink implements AutoCloseable {

    private final Configuration configuration;
    private final MiniCluster cluster;

    private LocalFlink(Configuration configuration, MiniCluster cluster) {
        this.configuration = configuration;
        this.cluster = cluster;
    }

    /** Starts a cluster that keeps its checkpoints under a directory. */
    public static LocalFlink start(Path checkpoints, int slots) throws Exception {
        return start(checkpoints, slots, new Configuration());
    }

    /**
     * Starts a cluster with one TaskManager.
     *
     * @param checkpoints where they are kept
     * @param slots of the TaskManager
     * @param more further settings
     */
    public static LocalFlink start(Path checkpoints, int slots, Configuration more)
            throws Exception {
        var configuration = new Configuration(more);
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RestOptions.ADDRESS, "localhost");
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        var cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(slots)
                                .build());
        cluster.start();
        return new LocalFlink(configuration, cluster);
    }

    /** An environment whose jobs run here. */
    public StreamExecutionEnvironment environment() throws Exception {
        var address = cluster.getRestAddress().get();
        return StreamExecutionEnvironment.createRemoteEnvironment(
                address.getHost(), address.getPort(), configuration);
    }

    /** Takes a checkpoint of a job, and says how it went. */
    public CompletedCheckpointStats checkpoint(JobID job) throws Exception {
        cluster.triggerCheckpoint(job, CheckpointType.CONFIGURED).get();
        var stats = cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
        return Optional.ofNullable(stats.getHistory().getLatestCompletedCheckpoint()).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        try {
            cluster.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The cluster did not stop.", e);
        }
    }
}
