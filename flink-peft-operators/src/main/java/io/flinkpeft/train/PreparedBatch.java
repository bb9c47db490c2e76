package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.model.UnknownTokenException;
import io.flinkpeft.task.ModelInput;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Targets;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.TextEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A batch ready for a step: texts as tokens, labels as numbers, and what cannot be used set aside.
 * The examples come first, then the replayed ones.
 */
final class PreparedBatch {

    private final DeviceAdapter adapter;
    private final Batch batch;
    private final Task task;
    private final List<Example> usable = new ArrayList<>();
    private final List<ModelInput> inputs = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private List<String> labels;
    private int predicted;

    PreparedBatch(
            DeviceAdapter adapter, Batch batch, Task task, TextEncoder encoder, LabelRule rule) {
        this.adapter = adapter;
        this.batch = batch;
        this.task = task;
        this.labels = adapter.progress().labels();
        for (Example example : batch.examples()) {
            add(example, rule, encoder);
        }
        predicted = usable.size();
        for (Example example : batch.replayed()) {
            add(example, rule, encoder);
        }
    }

    private void add(Example example, LabelRule rule, TextEncoder encoder) {
        Optional<String> unusable = task.refusal(example.content(), labels);
        if (unusable.isPresent()) {
            rejected.add(EventJson.rejected(example, Cause.EXAMPLE, unusable.get()));
            return;
        }
        List<String> more = labels;
        for (String label : task.labels(example.content())) {
            Optional<String> refusal = rule.refusal(label, more);
            if (refusal.isPresent()) {
                rejected.add(EventJson.rejected(example, Cause.EXAMPLE, refusal.get()));
                return;
            }
            more = LabelRule.plus(more, label);
        }
        try {
            inputs.add(task.encode(example.content(), more, encoder));
        } catch (UnknownTokenException e) {
            rejected.add(EventJson.rejected(example, Cause.EXAMPLE, e.getMessage()));
            return;
        }
        labels = more;
        usable.add(example);
    }

    AdapterSettings settings() {
        return batch.settings();
    }

    DeviceAdapter adapter() {
        return adapter;
    }

    /** The adapter's labels with those that this batch brings. */
    List<String> labels() {
        return labels;
    }

    private List<Tokens> tokens() {
        return inputs.stream().map(ModelInput::tokens).toList();
    }

    /** Adds its inputs to a batch of the kernel. */
    void packInto(PackedBatch packed) {
        ModelInput.pack(inputs, packed);
    }

    boolean empty() {
        return usable.isEmpty();
    }

    /** Whether there is anything to learn, and it shall be. */
    boolean trains() {
        return !batch.settings().paused() && inputs.stream().anyMatch(input -> input.known() > 0);
    }

    /** What the loss compares each output with. */
    Targets targets() {
        return task.targets(inputs);
    }

    /** How much each output counts in the loss. */
    float[] weights() {
        return task.weights(inputs);
    }

    /** Its part in a prediction with these values. */
    Kernels.PredictionPart predicting(NDArray row) {
        return new Kernels.PredictionPart(row, labels.size(), targets());
    }

    /** What the adapter predicted; only labels that it knew before the batch count. */
    List<PrequentialResult> results(float[][] outputs) {
        List<String> known = adapter().progress().labels();
        List<PrequentialResult> results = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < predicted; i++) {
            ModelInput input = inputs.get(i);
            int to = from + input.outputs();
            float[][] own = Arrays.copyOfRange(outputs, from, to);
            Prediction prediction = task.decode(input, own, known);
            results.add(result(usable.get(i), prediction, task.loss(input, own)));
            from = to;
        }
        return results;
    }

    private PrequentialResult result(Example example, Prediction prediction, double loss) {
        String predicted = prediction.predicted();
        String right = task.reference(example.content());
        boolean judged = right != null && task.judges();
        return new PrequentialResult(
                adapter().adapterId(),
                adapter().step(),
                predicted,
                predicted == null ? 0 : prediction.score(),
                right,
                judged ? task.correct(predicted, right) : null,
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
            if (Double.isFinite(result.loss())) {
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
    BatchOutcome trained(LiveAdapter after, double loss, List<PrequentialResult> r) {
        List<Example> learnt = new ArrayList<>();
        for (int i = 0; i < predicted; i++) {
            if (Double.isFinite(r.get(i).loss())) {
                learnt.add(usable.get(i));
            }
        }
        return new BatchOutcome(after, loss, r, learnt, rejected, tokenCount(), truncated());
    }

    /** The outcome when there was nothing to learn. */
    BatchOutcome predicted(List<PrequentialResult> results) {
        return new BatchOutcome(
                adapter(), Double.NaN, results, List.of(), rejected, tokenCount(), truncated());
    }

    /** The outcome of a step whose loss or gradient is not a number: nothing is learned from it. */
    BatchOutcome refused(double loss, double norm) {
        return refused(
                "Loss ("
                        + loss
                        + ") and gradient norm ("
                        + norm
                        + ") of step "
                        + (adapter().step() + 1)
                        + " must be finite.",
                loss);
    }

    /** The outcome of a step whose new values are no numbers. */
    BatchOutcome refused() {
        return refused(
                "Values and moments behind step "
                        + (adapter().step() + 1)
                        + " must be finite. Maybe lower the learning rates.",
                Double.NaN);
    }

    private BatchOutcome refused(String reason, double loss) {
        List<Rejected> all = new ArrayList<>(rejected);
        for (Example example : usable.subList(0, predicted)) {
            all.add(EventJson.rejected(example, Cause.NUMBERS, reason));
        }
        return new BatchOutcome(
                adapter(), loss, List.of(), List.of(), all, tokenCount(), truncated());
    }

    private int tokenCount() {
        return tokens().stream().mapToInt(Tokens::length).sum();
    }

    private int truncated() {
        return (int) inputs.stream().filter(ModelInput::truncated).count();
    }
}
