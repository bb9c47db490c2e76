package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.testing.CodeBlocks;
import io.flinkpeft.testing.KafkaProcess;
import io.flinkpeft.testing.StandaloneCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The README's installation: what was packaged in {@code lib}, the lines of configuration, MiniLM,
 * and a broker; each a process of its own. Made after packaging, not for the tests before it.
 */
final class Installation implements AutoCloseable {

    static final Duration SOON = Duration.ofMinutes(10);

    private static final Path LIB = Path.of(System.getProperty("distribution"), "lib");
    private static final Path FLINK = Path.of(System.getProperty("flink"));
    private static final Pattern SETTING = Pattern.compile("[\\w-]+(\\.[\\w-]+)+: ");
    private static final Map<String, String> TOOLS =
            Map.of("kafka-topics", "TopicCommand", "kafka-console-producer", "ConsoleProducer");
    private static final Pattern JOB = Pattern.compile("JobID ([0-9a-f]{32})");

    private final Path dir;
    private final String model;
    private final KafkaProcess kafka;
    private final StandaloneCluster cluster;

    private Installation(Path dir, String model, KafkaProcess kafka, StandaloneCluster cluster) {
        this.dir = dir;
        this.model = model;
        this.kafka = kafka;
        this.cluster = cluster;
    }

    /**
     * Starts all processes.
     *
     * @param more lines of Flink's configuration beside the README's
     * @param topics to create, of one partition
     */
    static Installation start(Path dir, List<String> more, List<String> topics) throws IOException {
        String model = ModelLocator.locate(ModelLocator.MINI_LM).toString();
        String checkpoints = dir.resolve("checkpoints").toUri().toString();
        var settings = new ArrayList<String>();
        lines(SETTING)
                .forEach(l -> settings.add(l.replace("file:///shared/checkpoints", checkpoints)));
        settings.add("execution.checkpointing.interval: 1s");
        settings.addAll(more);
        var kafka = KafkaProcess.start(dir.resolve("kafka"));
        try {
            topics.forEach(topic -> kafka.createTopic(topic, 1, Map.of()));
            var cluster =
                    StandaloneCluster.start(
                            dir.resolve("flink"), FLINK.resolve("lib"), LIB, settings);
            return new Installation(dir, model, kafka, cluster);
        } catch (IOException | RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** The README's lines that match, as they are there. */
    private static List<String> lines(Pattern pattern) throws IOException {
        List<String> lines =
                CodeBlocks.lines("README.md").stream()
                        .filter(line -> pattern.matcher(line).lookingAt())
                        .toList();
        assertThat(lines).as("lines of the README with %s", pattern).isNotEmpty();
        return lines;
    }

    /** Runs the README's lines that use a tool of Kafka, in a shell. */
    void kafka(String tool) throws IOException, InterruptedException {
        Path script = dir.resolve("bin").resolve(tool + ".sh");
        Files.createDirectories(script.getParent());
        Files.writeString(
                script,
                "#!/bin/sh\nexec '"
                        + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -Xmx256m -cp '"
                        + System.getProperty("java.class.path")
                        + "' org.apache.kafka.tools."
                        + TOOLS.get(tool)
                        + " \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        for (String line : lines(Pattern.compile(".*\\b" + tool + "\\.sh "))) {
            shell(here(line));
        }
    }

    private void shell(String line) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
        shell.environment()
                .merge("PATH", dir.resolve("bin").toString(), (was, bin) -> bin + ":" + was);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", line, output).isZero();
    }

    StandaloneCluster cluster() {
        return cluster;
    }

    TopicRecords records() {
        return new TopicRecords(kafka.bootstrapServers());
    }

    /** The README's arguments behind {@code flink}. */
    List<String> run() throws IOException {
        String line = here(lines(Pattern.compile("flink run ")).get(0));
        return List.of(line.substring("flink ".length()).split(" +"));
    }

    /** Starts the README's SQL; the log has what it prints. */
    void sql() throws IOException {
        String statements = String.join(";\n", CodeBlocks.sql("README.md")) + ";\n";
        cluster.sql("sql", here(statements), FLINK.resolve("opt"));
    }

    /** Submits a job; its number. */
    String submit(List<String> run) throws IOException, InterruptedException {
        String output = cluster.flink(run.toArray(String[]::new));
        assertThat(output).doesNotContain("Warning: ");
        return job(output);
    }

    /** The number of a job, in what was printed when it was submitted. */
    static String job(String output) {
        return JOB.matcher(output)
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No job in: " + output));
    }

    /** The last checkpoint that a job left; a directory without metadata is one that was begun. */
    String checkpoint(String job) throws IOException {
        try (Stream<Path> all = Files.list(dir.resolve("checkpoints").resolve(job))) {
            return all.filter(path -> Files.exists(path.resolve("_metadata")))
                    .max(Comparator.comparingLong(Installation::numberOf))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    private static long numberOf(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().replace("chk-", ""));
    }

    /** The same arguments, with a jar that brings what is in lib already. */
    List<String> withShadedJar(List<String> run) throws IOException {
        String jar = jarWithItsDependencies().toString();
        return run.stream().map(argument -> argument.endsWith(".jar") ? jar : argument).toList();
    }

    /**
     * As a shaded jar of a user's own job; without parent-first it would load the library again.
     */
    private Path jarWithItsDependencies() throws IOException {
        Path jar = dir.resolve("job.jar");
        try (Stream<Path> all = Files.list(LIB);
                var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path part : all.filter(Installation::callsTheLibrary).toList()) {
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

    /** A text of the README with this machine's names for what it calls otherwise. */
    private String here(String text) throws IOException {
        try (Stream<Path> jars = Files.list(LIB)) {
            Path jar =
                    jars.filter(path -> path.getFileName().toString().startsWith("flink-peft-jobs"))
                            .findFirst()
                            .orElseThrow();
            return text.replace("flink-peft-jobs-VERSION.jar", jar.toAbsolutePath().toString())
                    .replace("/models/minilm", model)
                    .replace("localhost:9092", kafka.bootstrapServers());
        }
    }

    /** The current version of an adapter in a topic, when it has come to a step. */
    AdapterVersion awaitVersion(String topic, String adapter, long step) {
        var reader = new AdapterTopicReader(AdapterTopic.at(kafka.bootstrapServers(), topic));
        return await().atMost(SOON)
                .until(
                        () -> reader.current(adapter),
                        version -> version.isPresent() && version.get().step() >= step)
                .orElseThrow();
    }

    @Override
    public void close() {
        cluster.close();
        kafka.close();
    }
}
