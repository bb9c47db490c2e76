package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.TrainingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand adapters in one TaskManager, of which a tenth is in memory. */
@Tag("nightly")
class ManyAdaptersITCase {

    private static final int ADAPTERS = 10_000;
    private static final String PREFIX = "tenant-";
    private static final int FEW = 7;
    private static final int BATCHES = 3;
    private static final int BATCH = 2;
    private static final long EXAMPLES = (long) ADAPTERS * BATCHES * BATCH;
    private static final TrainingSettings SETTINGS =
            TinySettings.DEFAULT
                    .with(Batching.DEFAULT.withSize(BATCH))
                    .with(new DeviceCache(ADAPTERS / 10, 1L << 30, 1L << 20))
                    .publishingEvery(BATCHES);
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    @TempDir static Path checkpoints;

    /** All adapters have an example, in another order each time. */
    private static Example example(long i) {
        int adapter = (int) (i * 7919 % ADAPTERS);
        Example any = Examples.example((int) i, 1);
        String id = PREFIX + adapter;
        return new Example(id, any.text(), null, any.label(), null, i, "texts", 0, i);
    }

    @Test
    void trainAsTheyWouldFewAtATime() throws Exception {
        var together = together();
        assertThat(FAILED).isTrue();
        assertThat(together).hasSize(ADAPTERS);
        assertThat(together).isEqualTo(fewAtATime());
    }

    private Map<String, List<String>> together() throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration());
        env.setParallelism(1);
        var source =
                new DataGeneratorSource<Example>(
                        ManyAdaptersITCase::example, EXAMPLES, TypeInformation.of(Example.class));
        var examples =
                env.fromSource(source, WatermarkStrategy.noWatermarks(), "examples")
                        .map(ManyAdaptersITCase::failOnce)
                        .returns(TypeInformation.of(Example.class));
        Committed.reset();
        Committed.takeVersions(OnlineTraining.train(examples, SETTINGS).versions());
        env.execute();
        return Committed.versions();
    }

    private Configuration configuration() {
        var configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        return configuration;
    }

    private static Example failOnce(Example example) {
        if (example.offset() == EXAMPLES / 2 && FAILED.compareAndSet(false, true)) {
            throw new IllegalStateException("Injected failure.");
        }
        return example;
    }

    private static Map<String, List<String>> fewAtATime() throws Exception {
        Comparator<Example> few =
                Comparator.comparing(
                        e -> Integer.parseInt(e.adapterId().substring(PREFIX.length())) / FEW);
        var examples = // a stable sort: an adapter's own stay in order
                LongStream.range(0, EXAMPLES)
                        .mapToObj(ManyAdaptersITCase::example)
                        .sorted(few)
                        .toList();
        try (var harness =
                TrainerHarness.start(Backend.HEAP, SETTINGS, OnlineTraining.trainers(SETTINGS))) {
            return harness.process(examples).endInput().versions();
        }
    }
}
