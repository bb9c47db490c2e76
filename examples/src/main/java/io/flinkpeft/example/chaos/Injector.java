package io.flinkpeft.example.chaos;

import io.flinkpeft.testing.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets the faults of a schedule hit a running job. */
final class Injector {

    private static final Duration RECOVERY = Duration.ofMinutes(10);
    private static final Duration PROGRESS = Duration.ofMinutes(10);
    private static final Duration LONGEST_TRAP = Duration.ofSeconds(12);
    private static final Duration LONGEST_TRAP_AGAIN = Duration.ofSeconds(25);
    private static final Duration LOOK = Duration.ofMillis(2);

    private final ChaosCluster cluster;
    private final TrainingJob job;
    private final Feed feed;
    private final List<Outcome.Hit> hits;
    private final long startMillis = System.currentTimeMillis();

    /**
     * An injector.
     *
     * @param hits where it notes what hit
     */
    Injector(ChaosCluster cluster, TrainingJob job, Feed feed, List<Outcome.Hit> hits) {
        this.cluster = cluster;
        this.job = job;
        this.feed = feed;
        this.hits = hits;
    }

    void run(List<Fault> faults) throws IOException, InterruptedException {
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            if (!fault.again()) {
                awaitCheckpoints(fault.checkpoints());
                arm(fault);
            }
            Set<Long> held = await(fault);
            Set<Victim> victims = victims(fault, held);
            long killed = System.currentTimeMillis();
            cluster.kill(victims, fault.signal());
            cluster.trap().disarm();
            feed.faultHasHit();
            boolean last = i + 1 == faults.size() || !faults.get(i + 1).again();
            if (!last) {
                arm(faults.get(i + 1)); // before those come back whose recovery it shall hit
            }
            Thread.sleep(fault.downMillis());
            cluster.start(victims);
            double recovery = last ? awaitRecovery(killed) : -1;
            hits.add(hit(fault, victims, !held.isEmpty(), killed, recovery));
        }
        cluster.awaitAll();
    }

    private void awaitCheckpoints(int count) throws InterruptedException {
        long goal = job.lastCheckpoint().id() + count;
        Waiting.until(count + " checkpoints", PROGRESS, () -> job.lastCheckpoint().id() >= goal);
    }

    private void arm(Fault fault) throws IOException {
        if (fault.moment() != Moment.ANY_TIME) {
            cluster.trap().arm(fault.moment(), fault.skip());
        }
    }

    /** Waits for the moment; who is held there, nobody if it did not come. */
    private Set<Long> await(Fault fault) throws IOException, InterruptedException {
        if (fault.moment() == Moment.ANY_TIME) {
            Thread.sleep(fault.delayMillis());
            return Set.of();
        }
        Duration longest = fault.again() ? LONGEST_TRAP_AGAIN : LONGEST_TRAP;
        long end = System.nanoTime() + longest.toNanos();
        while (cluster.trap().hits().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(LOOK.toMillis());
        }
        return cluster.trap().hits();
    }

    private Set<Victim> victims(Fault fault, Set<Long> held) {
        var victims = EnumSet.noneOf(Victim.class);
        victims.addAll(fault.others());
        if (fault.holder()) {
            held.forEach(pid -> victims.add(cluster.owner(pid)));
        }
        if (victims.isEmpty()) {
            victims.add(fault.moment().ofJobManager() ? Victim.JOB_MANAGER : Victim.TASK_MANAGER_0);
        }
        return victims;
    }

    private double awaitRecovery(long killed) throws InterruptedException {
        job.awaitCheckpointAfter(killed, RECOVERY);
        return (System.currentTimeMillis() - killed) / 1000.0;
    }

    private Outcome.Hit hit(
            Fault fault, Set<Victim> victims, boolean reached, long killed, double recovery) {
        boolean anyTime = fault.moment() == Moment.ANY_TIME;
        String text =
                String.format(
                        Locale.ROOT,
                        "%.1f s: %s killed %s%s%s; back after %d ms",
                        (killed - startMillis) / 1000.0,
                        victims.stream()
                                .map(victim -> victim.by(fault.signal()))
                                .collect(Collectors.joining(", ")),
                        fault.again() ? "during recovery, " : "",
                        fault.moment(),
                        anyTime || reached ? "" : " (not reached in time)",
                        fault.downMillis());
        return new Outcome.Hit(
                text, fault.moment().name(), anyTime || reached, fault.again(), recovery);
    }
}
