package io.flinkpeft.kafka.topic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Who writes the topic, as its claims say, and how a job becomes the one who does.
 *
 * <p>Claims are written under one transactional id, the same for all jobs: who takes it has all
 * claims before it decided, reads the last one, and writes its own only if nobody took the id
 * meanwhile. So of two jobs that want the topic at once one comes second and sees the other. The
 * subtasks of a job try one after the other: a later one finds the claim made.
 */
final class WriterClaims {

    private static final String LOCK = "flink-peft-writer-of-";
    private static final long STAGGER_MILLIS = 20;
    private static final long PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 100;

    private final TopicWriter.Settings settings;
    private final TopicWriter self;
    private final TransactionalIds ids;
    private final TopicLog topic;
    private final ClaimLog claims;

    private int partitions; // that adapters are spread over

    WriterClaims(TopicWriter.Settings settings, TopicWriter self, TopicLog topic) {
        this.settings = settings;
        this.self = self;
        this.ids = self.transactionalIds(settings.transactionalIdPrefix());
        this.topic = topic;
        this.claims =
                new ClaimLog(
                        (from, end, action) -> topic.read(from, end, settings.patience(), action));
    }

    TransactionalIds ids() {
        return ids;
    }

    /** How many partitions adapters are spread over, as far as it is known. */
    int partitions() {
        return partitions > 0 ? partitions : self.before().partitions();
    }

    /** Who must not write any more: without a claim behind the state, also who wrote it. */
    List<String> shutOut() {
        if (claims.current() != null) {
            return claims.current().shutOutBy(ids);
        }
        var all = new LinkedHashSet<>(self.before().shutOut());
        restoredIds().forEach(restored -> all.add(restored.base()));
        all.remove(ids.base());
        return List.copyOf(all);
    }

    /**
     * Refuses a job that may not write. Reads what is committed and waits for no transaction.
     *
     * @throws RefusedWriterException if it is refused
     */
    void check() {
        readTo(topic.committedEnds());
        checkAllowed();
    }

    /**
     * Makes this job the one that writes, and shuts out the one before.
     *
     * @throws RefusedWriterException if it is refused
     */
    void claim() {
        // what this subtask left open when its process died would hold up the reading of claims
        topic.shutOut(List.of(ids.of(self.subtask())));
        long pause = Math.min(self.subtask() * STAGGER_MILLIS, MAX_PAUSE_MILLIS);
        for (int attempt = 0; !isClaimedWithin(pause); attempt++) {
            checkAllowed();
            try (var lock = topic.transactions(lock(), settings.transactionTimeout())) {
                claim(lock);
            } catch (ShutOutException e) {
                // another one wants it at the same time, and may have it when this one looks again
            }
            pause = pauseBehind(attempt);
        }
        shutOutAgain();
        partitions = self.partitions(claims.current(), topic.ends());
    }

    /** Whether the claim is this job's, nothing that was written by now left out. */
    boolean isClaimed() {
        readTo(topic.ends());
        return isOwn();
    }

    private void readTo(TopicPlace end) {
        claims.skipTo(self.before().claimsIn(end));
        claims.readTo(end);
    }

    private void claim(TopicLog.Transactions lock) {
        for (TransactionalIds restored : restoredIds()) {
            topic.shutOut(restored.all());
        }
        if (!isClaimed()) {
            checkAllowed();
            var next = next();
            topic.shutOut(next.before());
            lock.write(1, out -> out.accept(next.record()));
            // who began anew between the two lines before has not seen the claim
            topic.shutOut(next.before());
        }
    }

    private WriterClaim next() {
        WriterClaim current = claims.current();
        return new WriterClaim(
                self.id(),
                self.job(),
                ids,
                idsBefore(),
                shutOut(),
                self.partitions(current, topic.ends()));
    }

    /** Of the ids before, those that are this subtask's part: the claim's writer may have died. */
    private void shutOutAgain() {
        List<String> before = claims.current().before();
        var part = new ArrayList<String>();
        for (int i = self.subtask(); i < before.size(); i += self.parallelism()) {
            part.add(before.get(i));
        }
        topic.shutOut(part);
    }

    /** Looks for the job's claim, and waits for no transaction. */
    private boolean isClaimedWithin(long millis) {
        for (long left = millis; ; left -= LOOK_MILLIS) {
            readTo(topic.committedEnds());
            if (isOwn() || left <= 0) {
                return isOwn();
            }
            sleep(Math.min(left, LOOK_MILLIS));
        }
    }

    /** Longer each time, and another for each subtask, until one has time enough to claim. */
    private long pauseBehind(int attempt) {
        long first = PAUSE_MILLIS + self.subtask() * STAGGER_MILLIS;
        return Math.min(first << Math.min(attempt, 10), MAX_PAUSE_MILLIS);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private boolean isOwn() {
        WriterClaim current = claims.current();
        return current != null && current.writer().equals(self.id()) && current.ids().equals(ids);
    }

    private TransactionalIds idsBefore() {
        if (claims.current() != null) {
            return claims.current().ids();
        }
        var restored = restoredIds();
        return restored.isEmpty() ? TransactionalIds.NONE : restored.get(restored.size() - 1);
    }

    /** Those of the state, without its own: a job that restarts has the same. */
    private List<TransactionalIds> restoredIds() {
        var restored = new ArrayList<TransactionalIds>();
        for (String text : self.before().transactionalIds()) {
            if (!text.equals(ids.text())) {
                restored.add(TransactionalIds.ofState(text));
            }
        }
        return restored;
    }

    private void checkAllowed() {
        WriterClaim current = claims.current();
        if (current == null
                || current.writer().equals(self.id())
                || self.before().writers().contains(current.writer())) {
            return;
        }
        if (current.shutsOut(ids)) {
            throw new RefusedWriterException(
                    "Adapter topic ("
                            + settings.topic().name()
                            + ") was taken over by "
                            + current.holder()
                            + ": this job must not write it any more.");
        }
        if (settings.takeover() == TopicWriter.Takeover.REFUSED) {
            throw new RefusedWriterException(
                    "Adapter topic ("
                            + settings.topic().name()
                            + ") is written by "
                            + current.holder()
                            + ", must have one writer. Maybe stop that job and restore this one"
                            + " from its state; if it will not come back, set adapters.take-over.");
        }
    }

    private String lock() {
        return LOCK + settings.topic().name();
    }
}
