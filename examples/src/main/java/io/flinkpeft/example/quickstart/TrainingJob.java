package io.flinkpeft.example.quickstart;

import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.OnlineTraining;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.kafka.AdapterTopicSink;
import io.flinkpeft.kafka.ExampleSource;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.TopicPartition;

/**
 * Trains the adapter and, for comparison, a head on the frozen base; both learn from every gloss.
 */
final class TrainingJob {

    private TrainingJob() {}

    /** Starts the job, which ends by itself after so many examples. */
    static JobClient start(StreamExecutionEnvironment env, Settings settings, String servers)
            throws Exception {
        env.setParallelism(1);
        env.enableCheckpointing(settings.checkpointInterval().toMillis());
        DataStream<TrainingEvent> examples =
                ExampleSource.builder()
                        .bootstrapServers(servers)
                        .topics(Topics.GLOSSES)
                        .groupId("quickstart")
                        .startingOffsets(OffsetsInitializer.earliest())
                        .bounded(end(settings.examples()))
                        .addTo(env);

        var lora = OnlineTraining.train(examples, settings.lora());
        AdapterTopicSink.builder()
                .bootstrapServers(servers)
                .topic(Topics.ADAPTERS)
                .transactionalIdPrefix("quickstart")
                .addTo(lora.versions());
        write(lora, servers, Learner.LORA);

        TrainingSettings headOnly = settings.headOnly();
        write(
                OnlineTraining.train(examples, headOnly, "head-only-trainer"),
                servers,
                Learner.HEAD_ONLY);
        return env.executeAsync("Train on glosses");
    }

    private static OffsetsInitializer end(long examples) {
        return OffsetsInitializer.offsets(Map.of(new TopicPartition(Topics.GLOSSES, 0), examples));
    }

    private static void write(OnlineTraining training, String servers, Learner learner) {
        training.predictions()
                .sinkTo(PredictionTopic.sink(servers, learner))
                .name("predictions of " + learner)
                .uid("predictions-" + learner);
    }
}
