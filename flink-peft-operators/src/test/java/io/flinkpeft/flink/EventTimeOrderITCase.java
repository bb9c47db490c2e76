package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.TrainingEventTypeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EventTimeOrderITCase {

    private static final int PARTITIONS = 4;
    private static final int EXAMPLES = 150; // a partition
    private static final EventOrder ORDER =
            EventOrder.EVENT_TIME.withOutOfOrderness(Duration.ofMillis(100));
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(3)
                            .build());

    @TempDir static Path checkpoints;

    /** How a run reads its partitions, and what is done to it. */
    private record Setup(int parallelism, String backend, int[] speeds, int failures) {}

    private record Result(Map<String, List<String>> versions, Set<String> late) {}

    @Test
    void partitionsInAnyOrderGiveTheSameVersions() throws Exception {
        var clean = run(new Setup(1, "hashmap", new int[] {50, 50, 50, 50}, 0));
        assertThat(clean.versions()).hasSize(2);
        assertThat(clean.versions().values()).allMatch(versions -> versions.size() > 10);
        assertThat(clean.late()).isNotEmpty();
        assertThat(run(new Setup(2, "hashmap", new int[] {9, 80, 30, 60}, 0))).isEqualTo(clean);
        assertThat(run(new Setup(3, "hashmap", new int[] {90, 15, 20, 40}, 1))).isEqualTo(clean);
        assertThat(run(new Setup(2, "rocksdb", new int[] {40, 15, 90, 20}, 1))).isEqualTo(clean);
        assertThat(FAILURES_LEFT).hasValue(0);
    }

    private Result run(Setup setup) throws Exception {
        FAILURES_LEFT.set(setup.failures());
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration(setup));
        env.setParallelism(setup.parallelism());
        DataStream<TrainingEvent> events = partition(env, 0, setup);
        for (int i = 1; i < PARTITIONS; i++) {
            events = events.union(partition(env, i, setup));
        }
        var settings =
                ToySettings.DEFAULT
                        .with(Batching.DEFAULT.withSize(8).withInterval(Duration.ofMillis(150)))
                        .publishingEvery(2)
                        .with(ORDER);
        var training =
                OnlineTraining.train(
                        events,
                        new TrainerOperatorFactory(settings, ToyTrainer::new),
                        OnlineTraining.UID);
        Committed.reset();
        Committed.takeVersions(training.versions());
        Committed.takeRejected(training.rejected());
        var graph = env.getStreamGraph();
        assertThat(graph.getJobGraph().getVertices())
                .anyMatch(
                        vertex ->
                                vertex.getName().contains("Order by event time")
                                        && vertex.getName().contains("Train adapters"));
        env.execute(graph);
        assertThat(Committed.rejected().values())
                .allMatch(reasons -> reasons.get(0).contains("train.out-of-orderness"));
        return new Result(Committed.versions(), Committed.rejected().keySet());
    }

    private static DataStream<TrainingEvent> partition(
            StreamExecutionEnvironment env, int partition, Setup setup) {
        var source =
                new DataGeneratorSource<TrainingEvent>(
                        i -> example(partition, i.intValue()),
                        EXAMPLES,
                        RateLimiterStrategy.perCheckpoint(setup.speeds()[partition]),
                        TrainingEventTypeInfo.INSTANCE);
        return env.fromSource(
                        source,
                        WatermarkStrategy.<TrainingEvent>forBoundedOutOfOrderness(
                                        ORDER.outOfOrderness())
                                .withTimestampAssigner((event, time) -> event.timestampMillis()),
                        "partition " + partition)
                .setParallelism(1)
                .map(EventTimeOrderITCase::failOnce)
                .returns(TrainingEventTypeInfo.INSTANCE)
                .setParallelism(1);
    }

    private static TrainingEvent example(int partition, int i) {
        int random = (i * PARTITIONS + partition) * 0x9E3779B1 >>> 8;
        long time = 10_000 + 20L * i - random % 211;
        return Example.labelled("adapter-" + random % 2, "text " + random % 97, "noun")
                .at(time, "texts", partition, i);
    }

    private static TrainingEvent failOnce(TrainingEvent event) {
        if (event.partition() == 2
                && event.offset() == EXAMPLES / 2
                && FAILURES_LEFT.compareAndSet(1, 0)) {
            throw new IllegalStateException("Injected failure.");
        }
        return event;
    }

    private Configuration configuration(Setup setup) {
        var configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, setup.backend());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        return configuration;
    }
}
