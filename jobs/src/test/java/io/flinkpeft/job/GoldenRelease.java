package io.flinkpeft.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.VersionHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a release left behind: savepoints of a job, the job's options and records, and the versions
 * that must come of them.
 */
record GoldenRelease(Path directory) {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Versions by name with their SHA-256, and the numerics they were made with. */
    record Expected(String numerics, Map<String, String> sha256) {

        /** Whether a version was made with these numerics, and so must have the same bytes. */
        boolean made(VersionHead version) {
            return version.numerics().toString().equals(numerics);
        }
    }

    /** All releases that left something, the oldest first. */
    static List<GoldenRelease> all() throws IOException, URISyntaxException {
        Path golden = Path.of(GoldenRelease.class.getResource("/golden/savepoints").toURI());
        try (Stream<Path> directories = Files.list(golden)) {
            return directories.filter(Files::isDirectory).sorted().map(GoldenRelease::new).toList();
        }
    }

    Path savepoint(String name) {
        return directory.resolve(name);
    }

    /** Options that are the same wherever the job runs. */
    Path options() {
        return directory.resolve("job.properties");
    }

    /** The topic of examples: the state knows its name. */
    String topic() throws IOException {
        var options = JobArguments.parse("--config", options().toString());
        return options.get(JobOptions.EXAMPLE_TOPICS).get(0);
    }

    /** How many partitions it has. */
    int partitions() throws IOException {
        return 1 + records().stream().mapToInt(ProducerRecord::partition).max().orElseThrow();
    }

    /** The records of the topic of examples, in the order in which they were written. */
    List<ProducerRecord<String, String>> records() throws IOException {
        return Files.readAllLines(file("records.jsonl")).stream()
                .map(GoldenRelease::record)
                .toList();
    }

    private static ProducerRecord<String, String> record(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            return new ProducerRecord<>(
                    "topic",
                    json.get("partition").asInt(),
                    json.get("key").textValue(),
                    json.get("value").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void writeRecords(List<ProducerRecord<String, String>> records) throws IOException {
        var lines = MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);
        var text = new StringBuilder();
        for (var record : records) {
            var json = MAPPER.createObjectNode().put("partition", record.partition());
            json.put("key", record.key()).set("value", MAPPER.readTree(record.value()));
            text.append(lines.writeValueAsString(json)).append('\n');
        }
        Files.writeString(file("records.jsonl"), text);
    }

    Expected expected() throws IOException {
        return MAPPER.readValue(file("versions.json").toFile(), Expected.class);
    }

    /** The bytes of a version. */
    byte[] version(String name) throws IOException {
        return Files.readAllBytes(versionFile(name));
    }

    void writeVersions(Collection<AdapterVersion> versions) throws IOException {
        var sha256 = new TreeMap<String, String>();
        Files.createDirectories(versionFile("any").getParent());
        for (AdapterVersion version : versions) {
            sha256.put(version.name(), version.sha256());
            Files.write(versionFile(version.name()), version.payload());
        }
        String numerics = versions.iterator().next().numerics().toString();
        MAPPER.writeValue(file("versions.json").toFile(), new Expected(numerics, sha256));
    }

    private Path versionFile(String name) {
        return file("versions").resolve(name + ".safetensors");
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
