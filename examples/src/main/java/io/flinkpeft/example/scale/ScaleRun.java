package io.flinkpeft.example.scale;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.example.LocalFlink;
import io.flinkpeft.flink.OnlineTraining;
import io.flinkpeft.flink.config.TrainingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Rounds of examples through a real job in a Flink of this JVM: one TaskManager, one slot, a
 * checkpoint after each round.
 */
final class ScaleRun {

    /** Of Flink's managed memory, which is RocksDB's. */
    private static final MemorySize MANAGED = MemorySize.ofMebiBytes(512);

    private static final Duration NEVER = Duration.ofDays(1);

    /** The digests of what was published, for those who ask. */
    private static final Map<String, String> VERSIONS = new ConcurrentHashMap<>();

    /**
     * What a round cost.
     *
     * @param percent of the adapters that were touched; 0: all are new
     * @param examplesPerSecond from the first example until the last step was done
     * @param stateBytes of the checkpoint behind it, in full
     * @param writtenBytes of them that are new
     * @param syncMillis for which the trainer stood still
     * @param totalMillis from the trigger until all was written
     */
    record Measured(
            int percent,
            double examplesPerSecond,
            long stateBytes,
            long writtenBytes,
            long syncMillis,
            long totalMillis) {}

    private final TrainingSettings settings;
    private final String backend;
    private final Path directory;

    /**
     * A run to be.
     *
     * @param settings of the trainer
     * @param backend {@code hashmap} or {@code rocksdb}, with incremental checkpoints
     * @param directory for checkpoints and for RocksDB
     */
    ScaleRun(TrainingSettings settings, String backend, Path directory) {
        this.settings = settings;
        this.backend = backend;
        this.directory = directory;
    }

    /** Runs all rounds, then ends the stream, so that every adapter has its last version. */
    List<Measured> run(Touches touches) throws Exception {
        Gate.get().reset();
        VERSIONS.clear();
        var measured = new ArrayList<Measured>();
        try (var flink = LocalFlink.start(directory.resolve("checkpoints"), 1, configuration())) {
            var job = job(flink.environment(), touches);
            long started = touches.examples(1); // a step that loads the base and compiles
            Gate.get().pass(started);
            for (Touches.Round round : touches.rounds()) {
                long examples = touches.examples(round) - started;
                started = 0;
                long start = System.nanoTime();
                Gate.get().pass(examples);
                double rate = examples / ((System.nanoTime() - start) / 1e9);
                measured.add(measured(round.percent(), rate, flink.checkpoint(job.getJobID())));
            }
            Gate.get().open();
            job.getJobExecutionResult().get();
        }
        return measured;
    }

    /** The SHA-256 of each adapter's last version in the run before. */
    static Map<String, String> versions() {
        return Map.copyOf(VERSIONS);
    }

    private Configuration configuration() {
        var configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, NEVER);
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, NEVER);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED);
        configuration.setString("io.tmp.dirs", directory.resolve("local").toString());
        return configuration;
    }

    private JobClient job(StreamExecutionEnvironment env, Touches touches) throws Exception {
        env.setParallelism(1);
        var source =
                new DataGeneratorSource<Example>(
                        touches::example,
                        touches.examples(),
                        parallelism -> Gate.limiter(),
                        TypeInformation.of(Example.class));
        var training =
                OnlineTraining.train(
                        env.fromSource(source, WatermarkStrategy.noWatermarks(), "examples"),
                        settings);
        training.predictions().map(ScaleRun::count).returns(Types.LONG).sinkTo(sink());
        training.versions().map(ScaleRun::keep).returns(Types.LONG).sinkTo(sink());
        return env.executeAsync("Train many adapters");
    }

    private static DiscardingSink<Long> sink() {
        return new DiscardingSink<>();
    }

    private static long count(PrequentialResult result) {
        Gate.get().predicted();
        return result.offset();
    }

    private static long keep(AdapterVersion version) {
        VERSIONS.put(version.adapterId(), version.sha256());
        return version.step();
    }

    private static Measured measured(int percent, double rate, CompletedCheckpointStats stats) {
        long sync = 0;
        for (var task : stats.getAllTaskStateStats()) {
            sync =
                    Math.max(
                            sync,
                            task.getSummaryStats().getSyncCheckpointDurationStats().getMaximum());
        }
        return new Measured(
                percent,
                rate,
                stats.getStateSize(),
                stats.getCheckpointedSize(),
                sync,
                stats.getEndToEndDuration());
    }
}
