package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.testing.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs come to one TaskManager and go, each with a class loader of its own. What a job leaves there
 * is gone with it.
 */
@Tag("nightly")
@Tag("cluster")
class ResubmissionCheck {

    private static final int SUBMISSIONS = 20;

    /** All that is loaded once is loaded then. */
    private static final int WARM = 3;

    private static final int RESTORES = 10;
    private static final long RESIDENT_SLACK_MEBIBYTES = 200;
    private static final long METASPACE_SLACK_KILOBYTES = 1024;
    private static final Duration SOON = Duration.ofMinutes(10);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path dir;

    /** What is left in a process after a full garbage collection. */
    private record Left(long classLoaders, long wrappers, long metaspaceKilobytes) {

        private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");
        private static final String INSTANCES = "(?m)^ *\\d+: +(\\d+) .*";
        private static final Pattern LOADERS = Pattern.compile(INSTANCES + "ChildFirstClassLoader");

        /** What Flink gives to tasks; it lets go of the class loader when the job ends. */
        private static final Pattern WRAPPERS =
                Pattern.compile(INSTANCES + "SafetyNetWrapperClassLoader");

        static Left in(JavaProcess process) {
            String live = process.jcmd("GC.class_histogram"); // collects first
            return new Left(
                    number(LOADERS, live),
                    number(WRAPPERS, live),
                    number(METASPACE, process.jcmd("GC.heap_info")));
        }

        private static long number(Pattern pattern, String text) {
            return pattern.matcher(text)
                    .results()
                    .mapToLong(match -> Long.parseLong(match.group(1)))
                    .findFirst()
                    .orElse(0);
        }
    }

    @Test
    void twentyJobsLeaveNoClassLoaderAndNoMetaspaceInTheirTaskManager() throws Exception {
        var topics = List.of("examples", "dead-letters");
        try (var installation = Installation.start(dir, List.of(), topics)) {
            List<String> run = installation.withShadedJar(installation.run());
            var taskManager = installation.cluster().taskManager();
            var left = new ArrayList<Left>();
            for (int i = 1; i <= SUBMISSIONS; i++) {
                trainAndCancel(installation, run, "adapters-" + i);
                await().atMost(SOON).until(() -> Left.in(taskManager).classLoaders() == 0);
                left.add(Left.in(taskManager));
                System.out.printf(Locale.ROOT, "submission %d: %s%n", i, left.get(i - 1));
            }
            assertThat(installation.cluster().taskManager()).isSameAs(taskManager);
            Left warm = left.get(WARM - 1);
            Left last = left.get(SUBMISSIONS - 1);
            assertThat(last.wrappers()).isLessThanOrEqualTo(warm.wrappers());
            assertThat(last.metaspaceKilobytes())
                    .isLessThan(warm.metaspaceKilobytes() + METASPACE_SLACK_KILOBYTES);
        }
    }

    /** A heap of the C library for each job would take some 400 MB more each time. */
    @Test
    void tenStopsAndRestoresTakeNoMoreMemoryThanOne() throws Exception {
        try (var installation = Installation.start(dir, List.of(), List.of("examples"))) {
            var run = new ArrayList<>(installation.run());
            run.addAll(List.of("--publish.every-steps", "1", "--train.max-tokens", "256"));
            var resident = new ArrayList<Long>();
            String job = installation.submit(run);
            for (int i = 0; i <= RESTORES; i++) {
                send(installation, 1);
                send(installation, 30);
                installation.awaitVersion("adapters", "acme", 3 * i + 3);
                cancel(installation, job);
                resident.add(installation.cluster().taskManager().residentKilobytes() / 1024);
                System.out.printf(Locale.ROOT, "restores %d: resident %s MiB%n", i, resident);
                var again = new ArrayList<>(run);
                again.addAll(1, List.of("-s", installation.checkpoint(job)));
                job = installation.submit(again);
            }
            assertThat(resident.get(RESTORES))
                    .isLessThan(resident.get(WARM) + RESIDENT_SLACK_MEBIBYTES);
        }
    }

    /** Until its tasks have given back what they had. */
    private static void cancel(Installation installation, String job) throws Exception {
        var cluster = installation.cluster();
        cluster.flink("cancel", job);
        await().atMost(SOON)
                .until(() -> cluster.rest("/jobs/" + job).contains("\"state\":\"CANCELED\""));
    }

    /** 48 examples; their words so many times over. */
    private static void send(Installation installation, int times) {
        installation
                .records()
                .send("examples", LabelledTexts.records("acme", t -> (t + " ").repeat(times)));
    }

    /** Its class loader is there while it runs. */
    private static void trainAndCancel(Installation installation, List<String> run, String topic)
            throws Exception {
        var arguments = new ArrayList<>(run);
        arguments.replaceAll(argument -> argument.equals("adapters") ? topic : argument);
        arguments.addAll(List.of("--publish.every-steps", "1"));
        installation.records().send("examples", LabelledTexts.records("acme", text -> text));
        String job = installation.submit(arguments);
        installation.awaitVersion(topic, "acme", 1);
        assertThat(Left.in(installation.cluster().taskManager()).classLoaders()).isPositive();
        installation.cluster().flink("cancel", job);
    }
}
