package io.flinkpeft.train;

import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.model.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A batch ready for a step: texts as tokens, labels as numbers, and what cannot be used set aside.
 * The examples come first, then the replayed ones.
 */
final class PreparedBatch {

    private final Batch batch;
    private final List<Example> usable = new ArrayList<>();
    private final List<Tokens> tokens = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private List<String> labels;
    private int predicted;

    PreparedBatch(Batch batch, TextTokenizer tokenizer, LabelRule rule, int maxTokens) {
        this.batch = batch;
        this.labels = batch.adapter().progress().labels();
        for (Example example : batch.examples()) {
            add(example, rule);
        }
        predicted = usable.size();
        for (Example example : batch.replayed()) {
            add(example, rule);
        }
        for (Example example : usable) {
            tokens.add(tokenizer.encode(example.text(), example.textPair(), maxTokens));
        }
    }

    private void add(Example example, LabelRule rule) {
        if (example.label() != null) {
            Optional<String> refusal = rule.refusal(example.label(), labels);
            if (refusal.isPresent()) {
                rejected.add(ExampleJson.rejected(example, refusal.get()));
                return;
            }
            labels = LabelRule.plus(labels, example.label());
        }
        usable.add(example);
    }

    LiveAdapter adapter() {
        return batch.adapter();
    }

    /** The adapter's labels with those that this batch brings. */
    List<String> labels() {
        return labels;
    }

    List<Tokens> tokens() {
        return tokens;
    }

    boolean empty() {
        return usable.isEmpty();
    }

    /** Whether there is anything to learn. */
    boolean trains() {
        return usable.stream().anyMatch(example -> example.label() != null);
    }

    /** The number of each text's label, 0 if it has none. */
    long[] labelIndices() {
        return usable.stream()
                .mapToLong(e -> e.label() == null ? 0 : labels.indexOf(e.label()))
                .toArray();
    }

    /** One share of the mean for each text that has a label, else 0. */
    float[] weights() {
        long labelled = usable.stream().filter(e -> e.label() != null).count();
        float[] weights = new float[usable.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = usable.get(i).label() == null ? 0 : 1f / labelled;
        }
        return weights;
    }

    /** What the adapter predicted; only labels that it knew before the batch count. */
    List<PrequentialResult> results(float[][] logits) {
        List<String> known = adapter().progress().labels();
        List<PrequentialResult> results = new ArrayList<>();
        for (int i = 0; i < predicted; i++) {
            results.add(result(usable.get(i), logits[i], known));
        }
        return results;
    }

    private PrequentialResult result(Example example, float[] logits, List<String> known) {
        float[] seen = Arrays.copyOf(logits, known.size());
        int best = Softmax.argmax(seen);
        double loss = Double.NaN;
        if (example.label() != null) {
            loss = -Softmax.logProbability(logits, labels.indexOf(example.label()));
        }
        return new PrequentialResult(
                adapter().adapterId(),
                adapter().step(),
                best < 0 ? null : known.get(best),
                best < 0 ? 0 : Math.exp(Softmax.logProbability(seen, best)),
                example.label(),
                loss,
                example.timestampMillis(),
                example.topic(),
                example.partition(),
                example.offset());
    }

    /** The adapter's progress after a step whose predictions were these. */
    Progress progress(List<PrequentialResult> results) {
        Progress before = adapter().progress();
        Lineage lineage = before.lineage();
        PrequentialStatistics statistics = before.statistics();
        for (PrequentialResult result : results) {
            if (result.label() != null) {
                statistics = statistics.plus(result.correct(), result.loss());
                lineage =
                        lineage.plus(
                                result.timestampMillis(),
                                result.topic(),
                                result.partition(),
                                result.offset());
            }
        }
        return before.withLabels(labels).afterStep(lineage, statistics);
    }

    /** The outcome of a step that trained. */
    BatchOutcome trained(LiveAdapter after, double loss, double norm, List<PrequentialResult> r) {
        return new BatchOutcome(after, loss, norm, r, rejected, tokenCount(), truncated());
    }

    /** The outcome when there was nothing to learn. */
    BatchOutcome predicted(List<PrequentialResult> results) {
        return trained(adapter(), Double.NaN, Double.NaN, results);
    }

    /** The outcome of a step whose loss or gradient is not a number: nothing is learned from it. */
    BatchOutcome refused(double loss, double norm) {
        List<Rejected> all = new ArrayList<>(rejected);
        String reason =
                "Loss ("
                        + loss
                        + ") and gradient norm ("
                        + norm
                        + ") of step "
                        + (adapter().step() + 1)
                        + " must be finite.";
        for (Example example : usable.subList(0, predicted)) {
            all.add(ExampleJson.rejected(example, reason));
        }
        return new BatchOutcome(adapter(), loss, norm, List.of(), all, tokenCount(), truncated());
    }

    private int tokenCount() {
        return tokens.stream().mapToInt(Tokens::length).sum();
    }

    private int truncated() {
        return (int) tokens.stream().filter(Tokens::truncated).count();
    }
}
