package io.flinkpeft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever comes from topics: it stops no job, is lost nowhere, and changes no neighbor. */
class FuzzITCase {

    private static final int RECORDS = 1_000; // a run
    private static final int PLANTED_RECORDS = 300;
    private static final int PLANTED_RUNS = 8;
    private static final int SERVED_VERSIONS = 4; // each is a transaction, and one more
    private static final int SERVED_EVERY = 10; // runs
    private static final int PROGRESS = 50_000; // events
    private static final int LIMIT_SECONDS = 600;
    private static final int HANG_SECONDS = 5; // where a run is known to hang

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @Test
    void tenThousandEventsDoNoHarm() throws Exception {
        assertNoHarm(10_000, RECORDS);
    }

    /** Its progress and its faults are printed as they come: it takes an hour. */
    @Tag("nightly")
    @Test
    void aMillionEventsDoNoHarm() throws Exception {
        assertNoHarm(1_000_000, 2 * RECORDS);
    }

    private static void assertNoHarm(int events, int records) throws Exception {
        int predicted = 0;
        int dead = 0;
        var faults = new ArrayList<String>();
        for (int seed = 0; seed < events / records; seed++) {
            var report = run(seed, records, PlantedFault.NONE, LIMIT_SECONDS);
            note(faults, seed, report.faults());
            predicted += report.predicted();
            dead += report.dead();
            if (seed % SERVED_EVERY == 0) {
                note(faults, seed, served(seed, report.versions(), PlantedFault.NONE));
            }
            int done = (seed + 1) * records;
            if (done % PROGRESS == 0) {
                System.out.printf(
                        "%d events: %d predicted, %d dead letters, %d faults%n",
                        done, predicted, dead, faults.size());
            }
        }
        assertThat(faults).isEmpty();
        assertThat(predicted).as("reached the engine").isGreaterThan(events / 2);
        assertThat(dead).as("dead letters").isGreaterThan(events / 20);
    }

    private static void note(List<String> faults, int seed, List<String> found) {
        for (String fault : found) {
            System.out.println("Seed " + seed + ": " + fault);
            faults.add("Seed " + seed + ": " + fault);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "OPTION_CRASHES", "OPTION_TAKEN", "REFUSAL_NAMELESS"})
    void aPlantedFaultIsFound(PlantedFault fault) throws Exception {
        int limit = fault == PlantedFault.STEP_HANGS ? HANG_SECONDS : LIMIT_SECONDS;
        boolean found = false;
        for (int seed = 0; seed < PLANTED_RUNS && !found; seed++) {
            var report = run(seed, PLANTED_RECORDS, fault, limit);
            found =
                    fault.strikesServing()
                            ? !served(seed, report.versions(), fault).isEmpty()
                            : !report.faults().isEmpty();
        }
        assertThat(found).isTrue();
    }

    private static List<String> served(long seed, List<AdapterVersion> versions, PlantedFault fault)
            throws Exception {
        var topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 2, (short) 1);
        var last =
                versions.subList(Math.max(0, versions.size() - SERVED_VERSIONS), versions.size());
        try (var serving = new FuzzedServing(topic, seed, fault)) {
            return serving.serve(last);
        }
    }

    /** A run that does not end is a fault, too. */
    private static FuzzedLoop.Report run(long seed, int records, PlantedFault fault, int seconds)
            throws Exception {
        var running = new CompletableFuture<FuzzedLoop.Report>();
        var thread =
                new Thread(() -> running.complete(FuzzedLoop.run(seed, records, fault)), "fuzzer");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> running.completeExceptionally(e));
        thread.start();
        try {
            return running.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            return new FuzzedLoop.Report(List.of("It does not end."), 0, 0, List.of());
        }
    }
}
