package io.flinkpeft.job;

import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.OnlineTraining;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.kafka.AdapterTopicSink;
import io.flinkpeft.kafka.DeadLetterSink;
import io.flinkpeft.kafka.ExampleLimits;
import io.flinkpeft.kafka.ExampleSource;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.JobTopics;
import io.flinkpeft.kafka.topic.PropertiesFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains adapters on a stream of examples, as long as there are any: examples from Kafka topics,
 * versions to an adapter topic, exactly once; records that cannot be used to a dead letter topic.
 *
 * <pre>
 * flink run -d -c io.flinkpeft.job.ContinualFineTuneJob flink-peft-jobs.jar \
 *     --model /models/minilm --kafka.bootstrap-servers kafka:9092 \
 *     --examples.topics tickets --adapters.topic adapters --dead-letters.topic tickets-dead
 * </pre>
 *
 * <p>The options are those of {@link JobOptions} and {@link TrainingConfiguration#options}; {@code
 * --config FILE} reads them from YAML or Java properties.
 */
public final class ContinualFineTuneJob {

    /** The uid of the dead letter sink. */
    public static final String DEAD_LETTER_UID = "dead-letters";

    /** The uid of the sink of predictions. */
    public static final String PREDICTION_UID = "predictions";

    private static final Logger LOG = LoggerFactory.getLogger(ContinualFineTuneJob.class);

    private final Configuration options;
    private final Map<String, String> kafkaProperties;
    private final TrainingSettings settings;
    private final AdapterTopic adapters;

    private ContinualFineTuneJob(Configuration options) {
        this.options = options;
        this.kafkaProperties = kafkaProperties(options);
        this.settings = TrainingConfiguration.settings(options);
        this.adapters =
                new AdapterTopic(
                        servers(),
                        required(JobOptions.ADAPTER_TOPIC),
                        kafkaProperties,
                        AdapterTopic.CONNECT_TIMEOUT);
        required(JobOptions.EXAMPLE_TOPICS);
        OptionChecks.check(options, settings.order().kind());
        required(JobOptions.DEAD_LETTER_TOPIC);
    }

    /**
     * Runs the job where Flink's configuration says.
     *
     * @throws ProgramParametrizationException if it cannot run; {@code flink run} prints its
     *     message, one line, and its exit code is 1
     */
    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            throw new ProgramParametrizationException(JobArguments.help());
        }
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        ContinualFineTuneJob job = start(env, args);
        env.execute("Continual fine-tuning to " + job.adapters.name());
    }

    /**
     * Adds the job to an environment once all that can be checked is, and says what may be wrong.
     */
    static ContinualFineTuneJob start(StreamExecutionEnvironment env, String... args) {
        try {
            ContinualFineTuneJob job = of(args);
            job.addTo(env);
            for (String warning : job.check(env)) {
                LOG.warn(warning);
                System.err.println("Warning: " + warning);
            }
            return job;
        } catch (IllegalArgumentException | IllegalStateException | IOException e) {
            String line = e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ");
            var refusal = new ProgramParametrizationException(line);
            refusal.initCause(e);
            throw refusal;
        }
    }

    /** Finds faults before the job is submitted, and creates topics that it may create. */
    private List<String> check(StreamExecutionEnvironment env) {
        try (var topics = new JobTopics(adapters)) {
            List<String> warnings = StartCheck.of(options, env, topics);
            createAdapterTopic();
            return warnings;
        }
    }

    /**
     * The job of these arguments.
     *
     * @throws IllegalArgumentException if one cannot be used, or one that is required is missing
     */
    public static ContinualFineTuneJob of(String... args) throws IOException {
        return new ContinualFineTuneJob(JobArguments.parse(args));
    }

    /**
     * Creates the adapter topic, or checks the one that is there.
     *
     * @throws IllegalStateException if it cannot be one, or Kafka does not answer
     */
    public void createAdapterTopic() {
        AdapterTopics.createIfMissing(
                adapters,
                options.get(JobOptions.ADAPTER_PARTITIONS),
                options.get(JobOptions.ADAPTER_REPLICATION).shortValue());
    }

    /** Adds the job to an environment, and sets what its configuration lacks. */
    public void addTo(StreamExecutionEnvironment env) {
        env.configure(FlinkDefaults.missingIn(env.getConfiguration()));
        SingleOutputStreamOperator<TrainingEvent> examples = source().addTo(env);
        OnlineTraining training = OnlineTraining.train(examples, settings);
        publish(training);
        deadLetters(examples.getSideOutput(ExampleSource.REJECTED).union(training.rejected()));
        options.getOptional(JobOptions.PREDICTION_TOPIC)
                .ifPresent(topic -> predictions(training.predictions(), topic));
    }

    private ExampleSource.Builder source() {
        ExampleSource.Builder source =
                ExampleSource.builder()
                        .bootstrapServers(servers())
                        .topics(topics())
                        .groupId(JobOptions.groupId(options))
                        .limits(limits())
                        .order(settings.order().kind())
                        .outOfOrderness(settings.order().outOfOrderness());
        kafkaProperties.forEach(source::property);
        options.getOptional(JobOptions.DEFAULT_ADAPTER).ifPresent(source::defaultAdapter);
        options.getOptional(JobOptions.IDLE_AFTER).ifPresent(source::idleAfter);
        options.getOptional(JobOptions.MAX_DRIFT).ifPresent(source::maxDrift);
        readers().ifPresent(source::parallelism);
        switch (options.get(JobOptions.START)) {
            case EARLIEST -> source.startingOffsets(OffsetsInitializer.earliest());
            case LATEST -> source.startingOffsets(OffsetsInitializer.latest());
            case COMMITTED -> {}
        }
        return options.get(JobOptions.BOUNDED)
                ? source.bounded(OffsetsInitializer.latest())
                : source;
    }

    private ExampleLimits limits() {
        return ExampleLimits.DEFAULT
                .withMaxAhead(options.get(JobOptions.MAX_AHEAD))
                .withMinTimestamp(options.get(JobOptions.MIN_TIMESTAMP))
                .withTombstones(options.get(JobOptions.TOMBSTONES));
    }

    private String[] topics() {
        List<String> topics = new ArrayList<>(required(JobOptions.EXAMPLE_TOPICS));
        options.getOptional(JobOptions.CONTROL_TOPICS).ifPresent(topics::addAll);
        return topics.toArray(String[]::new);
    }

    /** In the order of event time one, which has all partitions; empty: as many as trainers. */
    private Optional<Integer> readers() {
        return options.getOptional(JobOptions.EXAMPLE_PARALLELISM)
                .or(
                        () ->
                                settings.order().kind() == EventOrder.Kind.EVENT_TIME
                                        ? Optional.of(1)
                                        : Optional.empty());
    }

    private void publish(OnlineTraining training) {
        AdapterTopicSink.Builder sink =
                AdapterTopicSink.builder()
                        .bootstrapServers(servers())
                        .topic(adapters.name())
                        .transactionalIdPrefix(
                                options.getOptional(JobOptions.TRANSACTIONAL_ID_PREFIX)
                                        .orElse("flink-peft-" + adapters.name()))
                        .transactionTimeout(options.get(JobOptions.TRANSACTION_TIMEOUT))
                        .keep(options.get(JobOptions.KEEP));
        kafkaProperties.forEach(sink::property);
        if (options.get(JobOptions.TAKE_OVER)) {
            sink.takeOver();
        }
        sink.addTo(training.versions());
    }

    private void deadLetters(DataStream<Rejected> rejected) {
        DeadLetterSink.Builder sink =
                DeadLetterSink.builder()
                        .bootstrapServers(servers())
                        .topic(required(JobOptions.DEAD_LETTER_TOPIC));
        kafkaProperties.forEach(sink::property);
        rejected.sinkTo(sink.build()).name("dead letters").uid(DEAD_LETTER_UID);
    }

    private void predictions(DataStream<PrequentialResult> predictions, String topic) {
        var properties = new Properties();
        properties.putAll(kafkaProperties);
        KafkaSink<PrequentialResult> sink =
                KafkaSink.<PrequentialResult>builder()
                        .setBootstrapServers(servers())
                        .setKafkaProducerConfig(properties)
                        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                        .setRecordSerializer(new PredictionJson(topic))
                        .build();
        predictions.sinkTo(sink).name("predictions").uid(PREDICTION_UID);
    }

    private String servers() {
        return required(JobOptions.BOOTSTRAP_SERVERS);
    }

    private static Map<String, String> kafkaProperties(Configuration options) {
        Map<String, String> properties = options.get(JobOptions.KAFKA_PROPERTIES);
        return options.getOptional(JobOptions.KAFKA_PROPERTIES_FILE)
                .map(
                        file ->
                                PropertiesFile.add(
                                        properties, JobOptions.KAFKA_PROPERTIES_FILE.key(), file))
                .orElse(properties);
    }

    private <T> T required(ConfigOption<T> option) {
        return OptionChecks.required(options, option);
    }
}
