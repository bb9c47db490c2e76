package io.flinkpeft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
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
    private static final int LIMIT_SECONDS = 600;
    private static final int HANG_SECONDS = 5; // where a run is known to hang

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @Test
    void tenThousandEventsDoNoHarm() throws Exception {
        assertNoHarm(10_000);
    }

    @Tag("nightly")
    @Test
    void aMillionEventsDoNoHarm() throws Exception {
        assertNoHarm(1_000_000);
    }

    private static void assertNoHarm(int events) throws Exception {
        int predicted = 0;
        int dead = 0;
        for (int seed = 0; seed < events / RECORDS; seed++) {
            var report = run(seed, RECORDS, PlantedFault.NONE, LIMIT_SECONDS);
            assertThat(report.faults()).as("seed %d", seed).isEmpty();
            predicted += report.predicted();
            dead += report.dead();
            if (seed % SERVED_EVERY == 0) {
                assertThat(served(seed, report.versions(), PlantedFault.NONE))
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }
        assertThat(predicted).as("reached the engine").isGreaterThan(events / 2);
        assertThat(dead).as("dead letters").isGreaterThan(events / 20);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
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
