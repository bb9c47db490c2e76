package io.flinkpeft.example.quickstart;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.OffsetRange;
import io.flinkpeft.example.wordnet.GlossStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All that is seen of a run while it runs: what was produced, predicted and published, and when.
 *
 * <p>Times are milliseconds since the epoch. May be used by several threads.
 */
final class Observations {

    /**
     * A published version.
     *
     * @param step its step
     * @param lastPosition the largest offset it was trained on
     * @param seenMillis when a subscriber of the topic was told of it
     */
    record Published(long step, long lastPosition, long seenMillis) {}

    /**
     * A prediction in SQL by a version.
     *
     * @param position the offset of the gloss
     * @param version the step of the version
     * @param seenMillis when the prediction arrived
     */
    record Served(long position, long version, long seenMillis) {}

    private final GlossStream stream;
    private final long[] producedMillis;
    private final Map<Learner, BitSet> right = new EnumMap<>(Learner.class);
    private final Map<Learner, Integer> seen = new EnumMap<>(Learner.class);
    private final long[] trainedMillis;
    private final List<Published> published = new ArrayList<>();
    private final List<Served> served = new ArrayList<>();

    Observations(GlossStream stream) {
        this.stream = stream;
        this.producedMillis = new long[stream.size()];
        this.trainedMillis = new long[stream.size()];
        for (Learner learner : Learner.values()) {
            right.put(learner, new BitSet());
            seen.put(learner, 0);
        }
        predictMajority();
    }

    private void predictMajority() {
        var majority = new MajorityClass();
        for (int i = 0; i < stream.size(); i++) {
            String label = stream.glosses().get(i).label();
            right.get(Learner.MAJORITY).set(i, label.equals(majority.label()));
            majority.add(label);
        }
        seen.put(Learner.MAJORITY, stream.size());
    }

    GlossStream stream() {
        return stream;
    }

    synchronized void produced(int position, long millis) {
        producedMillis[position] = millis;
    }

    synchronized void predicted(Prediction prediction, long millis) {
        int position = (int) prediction.position();
        Learner learner = prediction.learner();
        String label = stream.glosses().get(position).label();
        right.get(learner).set(position, Objects.equals(label, prediction.label()));
        seen.merge(learner, position + 1, Math::max);
        if (learner == Learner.LORA) {
            trainedMillis[position] = millis;
        }
        if (learner == Learner.SQL && prediction.version() != null) {
            served.add(new Served(position, prediction.version(), millis));
        }
    }

    synchronized void published(AdapterVersion version, long millis) {
        long last = version.offsets().stream().mapToLong(OffsetRange::last).max().orElse(-1);
        published.add(new Published(version.step(), last, millis));
    }

    /** How many glosses everybody is done with. */
    synchronized int done() {
        return seen.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    /** How many glosses were trained on. */
    synchronized int trained() {
        return seen.get(Learner.LORA);
    }

    /** The step of the newest version; 0 if there is none. */
    synchronized long newestVersion() {
        return published.isEmpty() ? 0 : published.get(published.size() - 1).step();
    }

    /** The share of right predictions from one position to before another, 0 to 1. */
    synchronized double accuracy(Learner learner, int from, int to) {
        return to <= from
                ? Double.NaN
                : (double) right.get(learner).get(from, to).cardinality() / (to - from);
    }

    synchronized List<Published> versions() {
        return List.copyOf(published);
    }

    synchronized List<Served> served() {
        return List.copyOf(served);
    }

    synchronized long[] producedMillis() {
        return Arrays.copyOf(producedMillis, producedMillis.length);
    }

    synchronized long[] trainedMillis() {
        return Arrays.copyOf(trainedMillis, trainedMillis.length);
    }
}
