package io.flinkpeft.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.kafka.topic.JobTopics;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job is told before it is submitted, by a real broker. */
class StartCheckITCase {

    private static final String CHECKPOINTS = "execution.checkpointing.dir";

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    @TempDir private Path dir;

    private final Map<String, String> arguments = new TreeMap<>();
    private final Map<String, String> flink = new TreeMap<>();
    private String examples;

    @BeforeEach
    void aJobThatCanStart() {
        examples = KAFKA.newTopic(1, Map.of());
        flink.put(CHECKPOINTS, dir.toUri().toString());
        arguments.put("model", TinyModels.bert().toString());
        arguments.put("kafka.bootstrap-servers", KAFKA.bootstrapServers());
        arguments.put("examples.topics", examples);
        arguments.put("adapters.topic", KAFKA.newName());
        arguments.put("dead-letters.topic", KAFKA.newName());
    }

    @Test
    void aGoodJobIsToldNothingAndHasATopicOfDeadLettersThen() throws Exception {
        assertThat(warnings()).isEmpty();
        assertThat(warnings()).as("with the topic there").isEmpty();
        try (var admin = admin()) {
            String topic = arguments.get("dead-letters.topic");
            assertThat(admin.describeTopics(List.of(topic)).allTopicNames().get()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "examples.topics, none",
        "examples.topics, a b",
        "predictions.topic, none",
        "controls.topics, none",
        "dead-letters.topic, a b",
    })
    void aTopicThatIsMissingOrCannotBeOneIsNamed(String option, String topic) {
        arguments.put("train.order", "event-time");
        arguments.put(option, topic);
        refused(option + ": topic (" + topic + ") must ");
    }

    @Test
    void aTopicThatDoesNotTakeEveryDeadLetterIsRefused() {
        String compacted = KAFKA.newTopic(1, Map.of("cleanup.policy", "compact"));
        arguments.put("dead-letters.topic", compacted);
        refused("(" + compacted + ") has cleanup.policy (compact), must not be compacted");
        String narrow = KAFKA.newTopic(1, Map.of("max.message.bytes", "900000"));
        arguments.put("dead-letters.topic", narrow);
        refused("(" + narrow + ") has max.message.bytes (900000), must be at least 1000000");
    }

    @ParameterizedTest
    @CsvSource({
        "absent, absent, absent",
        "jobmanager, absent, absent",
        "JobManager, /checkpoints, /checkpoints",
        "filesystem, absent, absent",
    })
    void stateIsNotKeptInTheMemoryOfTheJobManager(String storage, String at, String named) {
        put("execution.checkpointing.storage", storage);
        put(CHECKPOINTS, at);
        refused(
                "execution.checkpointing.dir ("
                        + named
                        + ") must hold the state, with execution.checkpointing.storage ("
                        + storage
                        + ")");
    }

    @ParameterizedTest
    @CsvSource({"filesystem", "absent", "org.example.OwnStorageFactory"})
    void stateIsKeptInADirectoryOrWhereTheUserKnows(String storage) throws Exception {
        put("execution.checkpointing.storage", storage);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aModelThatIsHereAndCannotBeUsedIsRefused() throws IOException {
        arguments.put("model", Files.createDirectory(dir.resolve("empty")).toString());
        refused("config.json");
        arguments.put("model", Files.createFile(dir.resolve("file")).toString());
        refused("must be a directory");
    }

    @ParameterizedTest
    @CsvSource({"multi_label_classification", "regression"})
    void aHeadThatGivesNoSingleLabelIsNotTrained(String type) throws Exception {
        var change = "{\"model\": \"bert\", \"config\": {\"problem_type\": \"" + type + "\"}}";
        Path model = Files.createDirectory(dir.resolve("model"));
        arguments.put("model", ChangedModel.write(TinyModels.parse(change), model).toString());
        assertThat(warnings()).as("with a stream head").isEmpty();
        arguments.put("head.kind", "CHECKPOINT");
        refused("has problem_type (" + type + "), must have single_label_classification");
    }

    @Test
    void aModelThatIsNotHereMayBeElsewhere() throws Exception {
        arguments.put("model", "/models/elsewhere");
        assertThat(warnings())
                .containsExactly(
                        "model (/models/elsewhere) is no directory on this machine, must be one on"
                                + " every TaskManager.");
        arguments.put("model", "all-MiniLM-L6-v2");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void committedOffsetsWithoutStateAreAWarning() throws Exception {
        String group = "flink-peft-" + arguments.get("adapters.topic");
        try (var admin = admin()) {
            var offset = Map.of(new TopicPartition(examples, 0), new OffsetAndMetadata(0));
            admin.alterConsumerGroupOffsets(group, offset).all().get();
        }
        assertThat(warnings())
                .containsExactly(
                        "examples.group-id ("
                                + group
                                + ") has committed offsets in ["
                                + examples
                                + "], and this job has no state: it does not learn what lies"
                                + " before them. Maybe restore it by -s, or set examples.start to"
                                + " EARLIEST.");
        arguments.put("examples.start", "EARLIEST");
        assertThat(warnings()).isEmpty();
        arguments.remove("examples.start");
        flink.put("execution.state-recovery.path", dir.toString());
        assertThat(warnings()).as("of a job that is restored").isEmpty();
        flink.remove("execution.state-recovery.path");
        arguments.put("adapters.topic", KAFKA.newName());
        assertThat(warnings()).as("of another topic of adapters").isEmpty();
    }

    @Test
    void aTopicThatAnotherJobWritesIsAWarning() throws Exception {
        claimed(
                List.of(
                        header("format", "1"),
                        header("kind", "claim"),
                        header("job", "other"),
                        header("transactional-ids", "1 ids-of-it")));
        assertThat(warnings())
                .containsExactly(
                        "adapters.topic ("
                                + arguments.get("adapters.topic")
                                + ") is written by job other (transactional ids ids-of-it-*), and"
                                + " this job has no state: its task will end it. Maybe stop that"
                                + " job and restore this one by -s from its state; if it will not"
                                + " come back, set adapters.take-over.");
        arguments.put("adapters.take-over", "true");
        assertThat(warnings()).as("of a job that takes over").isEmpty();
        arguments.remove("adapters.take-over");
        flink.put("execution.state-recovery.path", dir.toString());
        assertThat(warnings()).as("of a job that is restored").isEmpty();
        flink.remove("execution.state-recovery.path");
        claimed(List.of());
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("is written by job ? [Header peft.format");
    }

    private static Header header(String name, String value) {
        return new RecordHeader("peft." + name, value.getBytes(UTF_8));
    }

    /** Another job's claim, as docs/topic-format.md has it. */
    private void claimed(List<Header> headers) throws Exception {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), arguments.get("adapters.topic"));
        AdapterTopics.createIfMissing(topic, 2, (short) 1);
        var bytes = new ByteArraySerializer();
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
            byte[] key = "@writer".getBytes(UTF_8);
            byte[] id = "id of it".getBytes(UTF_8);
            producer.send(new ProducerRecord<>(topic.name(), 0, key, id, headers)).get();
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerIsNamed() {
        String nobody = "localhost:1";
        var topic = AdapterTopic.at(nobody, "a").withConnectTimeout(Duration.ofSeconds(1));
        try (var topics = new JobTopics(topic)) {
            assertThatThrownBy(() -> topics.check("examples.topics", List.of("t")))
                    .hasMessage(
                            "Kafka at bootstrap.servers ("
                                    + nobody
                                    + ") must answer within 1000 ms. Maybe it is down, or the"
                                    + " address is another.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.bootstrap-servers, nowhere, Kafka's settings must be right. Kafka says: Invalid url",
        "kafka.properties.security.protocol, TSL, Kafka's settings must be right. Kafka says:",
        "kafka.properties-file, /none, kafka.properties-file (/none) must be a Java properties"
                + " file",
        "examples.start, SOMEWHERE, Could not parse value 'SOMEWHERE' for key 'examples.start'",
        "versions.keep, 0, versions.keep (0) must be at least 1",
        "adapters.topic, new, execution.checkpointing.dir (absent) must hold the state",
        "train.batch-size, 0, train.batch-size (0) must be",
        "learning-rate, 1, 'Maybe one of head.learning-rate, train.learning-rate.'",
        "no.such, 1, --no.such must be an option. Maybe see --help.",
    })
    void mainRefusesInOneLine(String option, String value, String reason) {
        arguments.put(option, value);
        assertThatThrownBy(() -> ContinualFineTuneJob.main(line()))
                .isInstanceOf(ProgramParametrizationException.class)
                .message()
                .hasLineCount(1)
                .contains(reason);
    }

    @Test
    void mainTellsItsOptions() {
        assertThatThrownBy(() -> ContinualFineTuneJob.main(new String[] {"--help"}))
                .isInstanceOf(ProgramParametrizationException.class)
                .message()
                .contains("--examples.max-ahead (PT24H)\n", "How much later than the time")
                .contains("--peft.lora.rank (8)\n");
    }

    private void refused(String reason) {
        assertThatThrownBy(this::warnings).message().hasLineCount(1).contains(reason);
    }

    /** What a job with these settings is warned of. */
    private List<String> warnings() throws IOException {
        var options = JobArguments.parse(line());
        var env = StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(flink));
        ContinualFineTuneJob.of(line()).addTo(env);
        var topic =
                AdapterTopic.at(
                        arguments.get("kafka.bootstrap-servers"), arguments.get("adapters.topic"));
        try (var topics = new JobTopics(topic)) {
            return StartCheck.of(options, env, topics);
        }
    }

    private String[] line() {
        var line = new ArrayList<String>();
        arguments.forEach((key, value) -> line.addAll(List.of("--" + key, value)));
        return line.toArray(String[]::new);
    }

    private void put(String key, String value) {
        if (value.equals("absent")) {
            flink.remove(key);
        } else {
            flink.put(key, value);
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()));
    }
}
