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
 * The README's way to a cluster, word by word: what was packaged in {@code lib}, the lines of
 * configuration, topics, {@code flink run}, an example, the SQL; on MiniLM. Runs after packaging,
 * not with the tests.
 */
@Tag("nightly")
@Tag("cluster")
class ClusterCheck {

    /** 21 steps of 32 examples: the version after the 20th is published. */
    private static final int REPETITIONS = 14;

    /** The state of more than five would not fit into the JobManager's memory. */
    private static final int TENANTS = 7;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    @Test
    void theDocumentedInstallationTrainsSevenTenantsPredictsAndGoesOn() throws Exception {
        try (var installation = Installation.start(dir, List.of(), List.of())) {
            var cluster = installation.cluster();
            var records = installation.records();
            List<String> run = installation.run();
            refusesInOneLine(cluster, run);
            installation.kafka("kafka-topics");
            endsAtOnceWithoutItsModel(cluster, run);

            String job = installation.submit(run);
            installation.kafka("kafka-console-producer");
            learn(installation, 20);
            installation.sql();
            awaitPrediction(cluster, records, 20);

            cluster.flink("cancel", job);
            var again = new ArrayList<>(installation.withShadedJar(run));
            again.addAll(1, List.of("-s", installation.checkpoint(job)));
            installation.submit(again);
            learn(installation, 40);
            awaitPrediction(cluster, records, 40);

            assertThat(cluster.taskManager().isAlive()).isTrue();
            assertThat(cluster.log("taskmanager"))
                    .contains("Loaded base model")
                    .doesNotContain("UnsatisfiedLinkError");
            assertThat(records.all("dead-letters")).isEmpty();
        }
    }

    /** The topic of examples is not there yet. */
    private static void refusesInOneLine(StandaloneCluster cluster, List<String> run)
            throws Exception {
        assertThat(cluster.flink(1, run.toArray(String[]::new)).lines())
                .filteredOn(line -> line.startsWith("examples.topics: topic (examples) must exist"))
                .hasSize(1);
        assertThat(cluster.rest("/jobs")).isEqualTo("{\"jobs\":[]}");
    }

    private static void endsAtOnceWithoutItsModel(StandaloneCluster cluster, List<String> run)
            throws Exception {
        var arguments = new ArrayList<>(run);
        arguments.set(arguments.indexOf("--model") + 1, "/models/none");
        arguments.set(arguments.indexOf("adapters"), "no-adapters");
        String output = cluster.flink(arguments.toArray(String[]::new));
        assertThat(output).contains("Warning: model (/models/none) is no directory");
        String job = Installation.job(output);
        await().atMost(Installation.SOON)
                .until(() -> cluster.rest("/jobs/" + job).contains("\"state\":\"FAILED\""));
        assertThat(cluster.rest("/jobs/" + job + "/exceptions"))
                .contains("Model (/models/none) must be a directory");
    }

    /** Gives every tenant as many examples, and waits until each has learnt all of its own. */
    private static void learn(Installation installation, int step) throws Exception {
        for (int tenant = 1; tenant <= TENANTS; tenant++) {
            installation.records().send("examples", examples("tenant-" + tenant));
        }
        for (int tenant = 1; tenant <= TENANTS; tenant++) {
            AdapterVersion last = installation.awaitVersion("adapters", "tenant-" + tenant, step);
            assertThat(last.lineage().examples()).isEqualTo(step * 32L);
        }
    }

    private static List<ProducerRecord<String, String>> examples(String tenant) {
        var once = LabelledTexts.records(tenant, text -> text);
        return Collections.nCopies(REPETITIONS, once).stream().flatMap(List::stream).toList();
    }

    /** Sends tickets until one is predicted with a version. */
    private static void awaitPrediction(
            StandaloneCluster cluster, TopicRecords records, long version) {
        var ticket = MAPPER.createObjectNode().put("tenant", "tenant-7").put("body", "Dry wind");
        var record = new ProducerRecord<String, String>("tickets", ticket.toString());
        var row = Pattern.compile("tenant-7 \\| .*Dry wind \\| .*\\| +" + version + " \\|");
        await().atMost(Installation.SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> {
                            records.send("tickets", List.of(record));
                            assertThat(cluster.log("sql")).containsPattern(row);
                        });
    }
}
