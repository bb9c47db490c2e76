package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A training job on the cluster of a test: its source goes on with each checkpoint, so that there
 * are some; its versions are taken when they are committed.
 */
final class TrainingJob {

    static final int EXAMPLES = 300;
    static final int ADAPTERS = 5;
    private static final int PER_CHECKPOINT = 40;

    /** All that a job makes: digests of its versions in order, and of the state after each step. */
    record Made(Map<String, List<String>> versions, Map<String, String> states) {}

    private final JobClient client;

    private TrainingJob(JobClient client) {
        this.client = client;
    }

    /** Small batches, frequent versions, and evictions. */
    static TrainingSettings small(TrainingSettings settings) {
        return settings.with(Batching.DEFAULT.withSize(4))
                .publishingEvery(3)
                .with(new DeviceCache(2, Long.MAX_VALUE));
    }

    static TrainerOperatorFactory engine(TrainingSettings settings) {
        return new TrainerOperatorFactory(
                settings, new RecordedTrainer(OnlineTraining.trainers(settings)));
    }

    /** Starts the job with the model of {@link TinySettings} at two subtasks. */
    static TrainingJob start(Configuration configuration) throws Exception {
        var factory = engine(small(TinySettings.DEFAULT));
        return start(configuration, factory, 2, example -> example);
    }

    static TrainingJob start(
            Configuration configuration,
            TrainerOperatorFactory factory,
            int parallelism,
            MapFunction<Example, Example> through)
            throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        env.setMaxParallelism(128);
        var examples = examples(env, through);
        var versions = OnlineTraining.train(examples, factory, OnlineTraining.UID).versions();
        if (configuration.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isEmpty()) {
            Committed.reset(); // else it goes on
        }
        Committed.takeVersions(versions);
        return new TrainingJob(env.executeAsync());
    }

    private static DataStream<Example> examples(
            StreamExecutionEnvironment env, MapFunction<Example, Example> through) {
        var source =
                new DataGeneratorSource<Example>(
                        TrainingJob::example,
                        EXAMPLES,
                        RateLimiterStrategy.perCheckpoint(PER_CHECKPOINT),
                        TypeInformation.of(Example.class));
        return through(env, source, through);
    }

    /** Examples without end, as fast as they are taken. */
    static DataStream<Example> saturated(
            StreamExecutionEnvironment env, MapFunction<Example, Example> through) {
        var source =
                new DataGeneratorSource<Example>(
                        TrainingJob::example, Integer.MAX_VALUE, TypeInformation.of(Example.class));
        return through(env, source, through);
    }

    private static Example example(Long index) {
        return Examples.example(index.intValue(), ADAPTERS);
    }

    private static DataStream<Example> through(
            StreamExecutionEnvironment env,
            DataGeneratorSource<Example> source,
            MapFunction<Example, Example> through) {
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "examples")
                .uid("examples")
                .setParallelism(1)
                .map(through)
                .returns(TypeInformation.of(Example.class))
                .uid("through")
                .setParallelism(1);
    }

    JobID id() {
        return client.getJobID();
    }

    /** Stops it where it is; where the savepoint lies. */
    String stop(Path directory, SavepointFormatType format) throws Exception {
        return client.stopWithSavepoint(false, directory.toString(), format).get();
    }

    /** What it made, when it has ended. */
    Made made() throws Exception {
        client.getJobExecutionResult().get();
        return new Made(Committed.versions(), RecordedTrainer.states());
    }
}
