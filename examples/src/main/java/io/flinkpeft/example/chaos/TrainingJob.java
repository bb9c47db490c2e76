package io.flinkpeft.example.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.job.ContinualFineTuneJob;
import io.flinkpeft.testing.StandaloneCluster;
import io.flinkpeft.testing.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The real job on the real cluster, and what its JobManager tells of it. */
final class TrainingJob {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StandaloneCluster flink;
    private final JobClient client;

    private TrainingJob(StandaloneCluster flink, JobClient client) {
        this.flink = flink;
        this.client = client;
    }

    /** Submits {@link ContinualFineTuneJob}. */
    static TrainingJob submit(
            StandaloneCluster flink, Path checkpoints, int parallelism, String... arguments)
            throws Exception {
        var env =
                StreamExecutionEnvironment.createRemoteEnvironment(
                        "localhost", flink.restPort(), settings(checkpoints));
        env.setParallelism(parallelism);
        ContinualFineTuneJob job = ContinualFineTuneJob.of(arguments);
        job.createAdapterTopic();
        job.addTo(env);
        return new TrainingJob(flink, env.executeAsync());
    }

    private static Configuration settings(Path checkpoints) {
        return Configuration.fromMap(
                Map.of(
                        "state.backend.type", "rocksdb",
                        "execution.checkpointing.incremental", "true",
                        "execution.checkpointing.dir", checkpoints.toUri().toString(),
                        "execution.checkpointing.interval", "600 ms",
                        "execution.checkpointing.aligned-checkpoint-timeout", "200 ms",
                        "restart-strategy.type", "fixed-delay",
                        "restart-strategy.fixed-delay.attempts", "1000",
                        "restart-strategy.fixed-delay.delay", "100 ms"));
    }

    /** The number of the last completed checkpoint and when it was triggered. */
    record Checkpoint(long id, long triggeredMillis) {
        static final Checkpoint NONE = new Checkpoint(0, 0);
    }

    /** The last completed checkpoint; none while the JobManager does not answer. */
    Checkpoint lastCheckpoint() throws InterruptedException {
        JsonNode last = ask("/checkpoints").path("latest").path("completed");
        return last.has("id")
                ? new Checkpoint(last.get("id").asLong(), last.get("trigger_timestamp").asLong())
                : Checkpoint.NONE;
    }

    /** How the job does, and why it failed last. */
    private String state() throws InterruptedException {
        JsonNode last = ask("/exceptions").path("exceptionHistory").path("entries").path(0);
        return ask("").path("state").asText("unknown") + "; " + last.path("stacktrace").asText();
    }

    /**
     * Waits for a checkpoint that was triggered after a time.
     *
     * @throws IllegalStateException if none comes, with the job's state
     */
    void awaitCheckpointAfter(long millis, Duration limit) throws InterruptedException {
        try {
            Waiting.until(
                    "a checkpoint of job " + client.getJobID(),
                    limit,
                    () -> lastCheckpoint().triggeredMillis() > millis);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + "; it is " + state(), e);
        }
    }

    /** Stops it with a savepoint in the canonical form; where that is. */
    String stop(Path savepoints, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return client.stopWithSavepoint(
                        false, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes the job away, if it is still there. */
    void cancel(Duration limit) throws InterruptedException {
        try {
            client.cancel().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // it has ended, or the cluster is to be started anew
        }
    }

    private JsonNode ask(String path) throws InterruptedException {
        try {
            return JSON.readTree(flink.rest("/jobs/" + client.getJobID() + path));
        } catch (IOException noAnswer) {
            return JSON.missingNode();
        }
    }
}
