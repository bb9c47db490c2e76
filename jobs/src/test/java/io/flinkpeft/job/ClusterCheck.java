package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.testing.CodeBlocks;
import io.flinkpeft.testing.KafkaProcess;
import io.flinkpeft.testing.StandaloneCluster;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's way to a cluster, word by word: what was packaged in {@code lib}, the line of
 * configuration, {@code flink run}, the SQL; on MiniLM. Runs after packaging, not with the tests.
 */
@Tag("nightly")
@Tag("cluster")
class ClusterCheck {

    private static final Path LIB = Path.of(System.getProperty("distribution"), "lib");
    private static final Path FLINK = Path.of(System.getProperty("flink"));
    private static final Pattern JOB = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Duration SOON = Duration.ofMinutes(2);

    /** 21 steps of 32 examples: the version after the 20th is published. */
    private static final int REPETITIONS = 14;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    private String model;

    @BeforeEach
    void importModel() throws IOException {
        model = ModelLocator.locate(ModelLocator.MINI_LM).toString();
    }

    @Test
    void theDocumentedInstallationTrainsPredictsAndGoesOn() throws Exception {
        Path checkpoints = Files.createDirectory(dir.resolve("checkpoints"));
        var settings = new ArrayList<>(lines("classloader."));
        settings.add("execution.checkpointing.dir: " + checkpoints.toUri());
        settings.add("execution.checkpointing.interval: 1s");
        try (var kafka = KafkaProcess.start(dir.resolve("kafka"));
                var cluster =
                        StandaloneCluster.start(
                                dir.resolve("flink"), FLINK.resolve("lib"), LIB, settings)) {
            for (String topic : List.of("examples", "dead-letters", "tickets")) {
                kafka.createTopic(topic, 1, Map.of());
            }
            var servers = kafka.bootstrapServers();
            var records = new TopicRecords(servers);
            String[] run = command(servers);

            records.send("examples", examples());
            String job = jobOf(cluster.flink(run));
            awaitVersion(servers, 20);

            cluster.sql("sql", sql(servers), FLINK.resolve("opt"));
            awaitPrediction(cluster, records, 20);

            cluster.flink("cancel", job);
            records.send("examples", examples());
            cluster.flink(again(run, checkpoints.resolve(job)));
            AdapterVersion last = awaitVersion(servers, 40);
            assertThat(last.lineage().examples()).isEqualTo(40 * 32);
            awaitPrediction(cluster, records, 40);

            assertThat(cluster.taskManager().isAlive()).isTrue();
            assertThat(cluster.log("taskmanager"))
                    .contains("Loaded base model")
                    .doesNotContain("UnsatisfiedLinkError");
            assertThat(records.all("dead-letters")).isEmpty();
        }
    }

    /** The README's lines that begin with something. */
    private static List<String> lines(String start) throws IOException {
        List<String> lines =
                CodeBlocks.lines("README.md").stream().filter(l -> l.startsWith(start)).toList();
        assertThat(lines).as("lines of the README with %s", start).hasSize(1);
        return lines;
    }

    /** The arguments behind {@code flink}. */
    private String[] command(String servers) throws IOException {
        String line = here(lines("flink run ").get(0), servers);
        return line.substring("flink ".length()).split(" +");
    }

    /** The same from the retained checkpoint, with a jar that brings what is in lib already. */
    private String[] again(String[] run, Path checkpoints) throws IOException {
        try (Stream<Path> all = Files.list(checkpoints)) {
            Path retained =
                    all.filter(path -> path.getFileName().toString().startsWith("chk-"))
                            .findFirst()
                            .orElseThrow();
            String jar = jarWithItsDependencies().toString();
            var arguments = new ArrayList<>(List.of(run));
            arguments.replaceAll(argument -> argument.endsWith(".jar") ? jar : argument);
            arguments.addAll(1, List.of("-s", retained.toUri().toString()));
            return arguments.toArray(String[]::new);
        }
    }

    /**
     * As a shaded jar of a user's own job; without parent-first it would load the library again.
     */
    private Path jarWithItsDependencies() throws IOException {
        Path jar = dir.resolve("job.jar");
        try (Stream<Path> all = Files.list(LIB);
                var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path part : all.filter(ClusterCheck::callsTheLibrary).toList()) {
                out.putNextEntry(new ZipEntry("lib/" + part.getFileName()));
                Files.copy(part, out);
            }
        }
        return jar;
    }

    private static boolean callsTheLibrary(Path jar) {
        String name = jar.getFileName().toString();
        return name.matches("(flink-peft|api|pytorch-(engine|jni)|tokenizers)-.*");
    }

    private String sql(String servers) throws IOException {
        return here(String.join(";\n", CodeBlocks.sql("README.md")) + ";\n", servers);
    }

    /** A text of the README with this machine's names for what it calls otherwise. */
    private String here(String text, String servers) throws IOException {
        try (Stream<Path> jars = Files.list(LIB)) {
            Path jar =
                    jars.filter(path -> path.getFileName().toString().startsWith("flink-peft-jobs"))
                            .findFirst()
                            .orElseThrow();
            return text.replace("flink-peft-jobs-VERSION.jar", jar.toAbsolutePath().toString())
                    .replace("/models/minilm", model)
                    .replace("localhost:9092", servers);
        }
    }

    private static String jobOf(String output) {
        return JOB.matcher(output)
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No job in: " + output));
    }

    private static List<ProducerRecord<String, String>> examples() {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < REPETITIONS; i++) {
            for (Example example : TinyModels.examples("acme")) {
                var json = MAPPER.createObjectNode();
                json.put("text", example.text()).put("label", example.label());
                records.add(new ProducerRecord<>("examples", "acme", json.toString()));
            }
        }
        return records;
    }

    private static AdapterVersion awaitVersion(String servers, long step) {
        var reader = new AdapterTopicReader(AdapterTopic.at(servers, "adapters"));
        return await().atMost(SOON)
                .until(() -> reader.current("acme"), v -> v.isPresent() && v.get().step() >= step)
                .orElseThrow();
    }

    /** Sends tickets until one is predicted with a version. */
    private static void awaitPrediction(
            StandaloneCluster cluster, TopicRecords records, long version) {
        var ticket = MAPPER.createObjectNode().put("tenant", "acme").put("body", "Dry wind");
        var record = new ProducerRecord<String, String>("tickets", ticket.toString());
        var row = Pattern.compile("acme \\| .*Dry wind \\| .*\\| +" + version + " \\|");
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> {
                            records.send("tickets", List.of(record));
                            assertThat(cluster.log("sql")).containsPattern(row);
                        });
    }
}
