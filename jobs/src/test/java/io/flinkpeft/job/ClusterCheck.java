package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.testing.StandaloneCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
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

    /** 21 steps of 32 examples: the version after the 20th is published. */
    private static final int REPETITIONS = 14;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    @Test
    void theDocumentedInstallationTrainsPredictsAndGoesOn() throws Exception {
        var topics = List.of("examples", "dead-letters", "tickets");
        try (var installation = Installation.start(dir, List.of(), topics)) {
            var cluster = installation.cluster();
            var records = installation.records();
            List<String> run = installation.run();

            records.send("examples", examples());
            String job = installation.submit(run);
            installation.awaitVersion("adapters", "acme", 20);

            installation.sql();
            awaitPrediction(cluster, records, 20);

            cluster.flink("cancel", job);
            records.send("examples", examples());
            var again = new ArrayList<>(installation.withShadedJar(run));
            again.addAll(1, List.of("-s", installation.checkpoint(job)));
            installation.submit(again);
            AdapterVersion last = installation.awaitVersion("adapters", "acme", 40);
            assertThat(last.lineage().examples()).isEqualTo(40 * 32);
            awaitPrediction(cluster, records, 40);

            assertThat(cluster.taskManager().isAlive()).isTrue();
            assertThat(cluster.log("taskmanager"))
                    .contains("Loaded base model")
                    .doesNotContain("UnsatisfiedLinkError");
            assertThat(records.all("dead-letters")).isEmpty();
        }
    }

    private static List<ProducerRecord<String, String>> examples() {
        var once = LabelledTexts.records("acme", text -> text);
        return Collections.nCopies(REPETITIONS, once).stream().flatMap(List::stream).toList();
    }

    /** Sends tickets until one is predicted with a version. */
    private static void awaitPrediction(
            StandaloneCluster cluster, TopicRecords records, long version) {
        var ticket = MAPPER.createObjectNode().put("tenant", "acme").put("body", "Dry wind");
        var record = new ProducerRecord<String, String>("tickets", ticket.toString());
        var row = Pattern.compile("acme \\| .*Dry wind \\| .*\\| +" + version + " \\|");
        await().atMost(Installation.SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> {
                            records.send("tickets", List.of(record));
                            assertThat(cluster.log("sql")).containsPattern(row);
                        });
    }
}
