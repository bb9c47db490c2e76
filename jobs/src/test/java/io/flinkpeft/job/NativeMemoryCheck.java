package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.testing.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The system gives a real TaskManager no more memory, and then does again. */
@Tag("nightly")
@Tag("cluster")
class NativeMemoryCheck {

    /** Enough for steps of short texts, not for one of long texts. */
    private static final long MORE = 192L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    @Test
    void aTaskWithoutNativeMemoryFailsSaysSoAndGoesOnWhenThereIsSome() throws Exception {
        var settings =
                List.of(
                        "restart-strategy.type: fixed-delay",
                        "restart-strategy.fixed-delay.attempts: 1000",
                        "restart-strategy.fixed-delay.delay: 1 s");
        var topics = List.of("clean", "limited", "dead-letters");
        try (var installation = Installation.start(dir, settings, topics)) {
            send(installation, "clean", 1);
            send(installation, "clean", 100);
            String clean = submit(installation, "clean");
            String expected = installation.awaitVersion("clean-adapters", "acme", 3).sha256();
            installation.cluster().flink("cancel", clean);

            send(installation, "limited", 1);
            String job = submit(installation, "limited");
            installation.awaitVersion("limited-adapters", "acme", 1);
            var taskManager = installation.cluster().taskManager();
            taskManager.limitMemory(MORE);
            send(installation, "limited", 100);

            await().atMost(Installation.SOON).until(() -> failures(installation, job).size() >= 3);
            assertThat(failures(installation, job))
                    .allMatch(failure -> failure.contains("must suffice for the base"))
                    .anyMatch(failure -> failure.contains("(RuntimeError: [enforce fail"));
            assertThat(installation.awaitVersion("limited-adapters", "acme", 1).step()).isOne();

            taskManager.unlimitMemory();
            var last = installation.awaitVersion("limited-adapters", "acme", 3);
            assertThat(last.sha256()).isEqualTo(expected);
            assertThat(taskManager.isAlive()).isTrue();
        }
    }

    /** 48 examples; their words so many times over. */
    private static void send(Installation installation, String topic, int times) {
        var records = LabelledTexts.records("acme", text -> (text + " ").repeat(times));
        installation.records().send(topic, records);
    }

    private static String submit(Installation installation, String topic) throws Exception {
        var run = new ArrayList<>(installation.run());
        run.replaceAll(argument -> argument.equals("adapters") ? topic + "-adapters" : argument);
        run.replaceAll(argument -> argument.equals("examples") ? topic : argument);
        run.addAll(List.of("--publish.every-steps", "1", "--train.max-tokens", "256"));
        return installation.submit(run);
    }

    /** Why the job failed, each time. */
    private static List<String> failures(Installation installation, String job)
            throws IOException, InterruptedException {
        StandaloneCluster cluster = installation.cluster();
        var failures = new ArrayList<String>();
        JSON.readTree(cluster.rest("/jobs/" + job + "/exceptions"))
                .path("exceptionHistory")
                .path("entries")
                .forEach(entry -> failures.add(entry.path("stacktrace").asText()));
        return failures;
    }
}
