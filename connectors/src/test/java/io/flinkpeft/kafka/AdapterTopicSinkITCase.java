package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdapterTopicSinkITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final int ADAPTERS = 5;
    private static final int VERSIONS = 40;
    private static final int CRASHES = 3;
    private static final int KEEP = 4;

    @Test
    void everyVersionIsCommittedOnceInOrderWhateverCrashes() throws Exception {
        AdapterTopic clean = run(0);
        int before = CrashingMap.crashesSoFar();
        AdapterTopic crashed = run(CRASHES);
        assertThat(CrashingMap.crashesSoFar()).isEqualTo(before + CRASHES);

        Map<String, List<String>> committed = CommittedRecords.of(crashed);
        assertThat(committed).hasSize(ADAPTERS).isEqualTo(CommittedRecords.of(clean));
        assertThat(pointers(committed.get("a0"))).isEqualTo(steps());
        assertThat(new AdapterTopicReader(crashed).list()).hasSize(ADAPTERS * KEEP);
        assertThat(new AdapterTopicReader(crashed).current("a3")).contains(version(VERSIONS, 3));
    }

    @Test
    void whatIsRequiredIsNamed() {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        DataStream<AdapterVersion> versions = env.fromData(version(1, 1));
        var builder = AdapterTopicSink.builder();
        assertThatThrownBy(() -> builder.addTo(versions))
                .hasMessage("Adapter topic sink must have bootstrap servers.");
        builder.bootstrapServers("x:1");
        assertThatThrownBy(() -> builder.addTo(versions))
                .hasMessage("Adapter topic sink must have a transactional id prefix.");
        builder.transactionalIdPrefix("p");
        assertThatThrownBy(() -> builder.addTo(versions))
                .hasMessage("Adapter topic sink must have a topic.");
    }

    /** Versions in the order of their steps, some at each checkpoint, to a new topic. */
    private static AdapterTopic run(int crashes) throws Exception {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
        var config = new Configuration();
        config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, crashes);
        config.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        var env = StreamExecutionEnvironment.getExecutionEnvironment(config);
        env.setParallelism(2);
        env.enableCheckpointing(100);
        var numbers =
                new DataGeneratorSource<>(
                        number -> number,
                        ADAPTERS * VERSIONS,
                        RateLimiterStrategy.perCheckpoint(30),
                        Types.LONG);
        DataStream<AdapterVersion> versions =
                env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                        .setParallelism(1)
                        .map(new CrashingMap<Long>(crashes))
                        .returns(Types.LONG)
                        .setParallelism(1)
                        .keyBy(number -> number % ADAPTERS)
                        .map(number -> version(1 + number / ADAPTERS, number % ADAPTERS))
                        .returns(TypeInformation.of(AdapterVersion.class));
        AdapterTopicSink.builder()
                .bootstrapServers(topic.servers())
                .topic(topic.name())
                .transactionalIdPrefix(topic.name())
                .chunkBytes(300)
                .keep(KEEP)
                .addTo(versions);
        env.execute();
        return topic;
    }

    private static AdapterVersion version(long step, long adapter) {
        return RandomVersions.version("a" + adapter, step, (int) (200 + 100 * (step % 4)));
    }

    private static List<Integer> pointers(List<String> records) {
        var steps = new ArrayList<Integer>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).contains(" pointer ")) {
                String version = records.get(i - 1).split(" ")[0];
                steps.add(Integer.parseInt(version.substring(version.indexOf('@') + 1)));
            }
        }
        return steps;
    }

    private static List<Integer> steps() {
        var steps = new ArrayList<Integer>();
        for (int step = 1; step <= VERSIONS; step++) {
            steps.add(step);
        }
        return steps;
    }
}
