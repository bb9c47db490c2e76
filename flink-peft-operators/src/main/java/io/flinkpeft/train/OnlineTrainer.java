package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.PackedBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains many adapters over one frozen base model.
 *
 * <p>Order of use: {@link #open}, then {@link #create} or {@link #restore} for each adapter, {@link
 * #step} as often as there are batches, at last {@link #close}. One thread at a time; several
 * trainers of a process share the base model's memory.
 */
public final class OnlineTrainer implements AutoCloseable {

    private TrainingSetup setup;
    private Kernels kernels;
    private boolean settled;

    private OnlineTrainer(TrainingSetup setup) {
        this.setup = setup;
        this.kernels = setup.kernels();
    }

    /**
     * Loads the base model, or shares one that is loaded.
     *
     * @throws IllegalArgumentException if a setting cannot be used, or the model is missing or of
     *     an unsupported architecture
     */
    public static OnlineTrainer open(TrainerConfig config) {
        TrainingSetup setup = TrainingSetup.of(config);
        try {
            return new OnlineTrainer(setup);
        } catch (RuntimeException e) {
            setup.close();
            throw e;
        }
    }

    /** SHA-256 of the base model's tensors, hex. */
    public String baseHash() {
        return base().hash();
    }

    /** What decides the bits of adapters trained here. */
    public Numerics numerics() {
        return setup.origin().numerics();
    }

    /** How many values of an adapter the method trains; those of the head are not counted. */
    public long trainedValues() {
        return setup.trainedValues();
    }

    /** A fresh adapter; the same seed and id give the same values. */
    public LiveAdapter create(String adapterId) {
        settled = true;
        Progress progress = Progress.fresh(AdapterIds.check(adapterId), setup.initialLabels());
        Bank bank = setup.bank(progress.labels().size());
        float[] row = setup.initialRow(adapterId, bank);
        float[] zeros = new float[row.length];
        return new LiveAdapter(setup.origin(), progress, bank, tensors(row, zeros, zeros));
    }

    /**
     * An adapter from its state. Where the type of the frozen layers is {@code auto}, the first
     * adapter of this trainer decides it: a restart must not measure again and find another.
     *
     * @throws IllegalStateException if the state is of another base model, method or numerics
     */
    public LiveAdapter restore(AdapterState state) {
        takeRecordedDtype(state.numerics().dtype());
        setup.check(state);
        Progress progress =
                new Progress(
                        state.adapterId(),
                        state.step(),
                        state.publishedStep(),
                        state.labels(),
                        state.lineage(),
                        state.statistics());
        return new LiveAdapter(
                setup.origin(),
                progress,
                setup.bankOfCapacity(state.labelCapacity()),
                tensors(state.row(), state.firstMoment(), state.secondMoment()));
    }

    /**
     * An adapter that goes on from the tensors of a PEFT directory, at step 0 and without moments.
     * A stream head that the directory lacks starts empty.
     *
     * @param directory of the method that this trainer is configured for
     * @throws IllegalArgumentException if its tensors do not fit the base model and the method
     */
    public LiveAdapter load(String adapterId, AdapterDirectory directory) {
        checkResumable(directory.config());
        ServingForm form = directory.servingForm(base());
        Progress progress = Progress.fresh(AdapterIds.check(adapterId), form.labels());
        Bank bank = setup.bank(form.labels().size());
        float[] row = form.row(bank, base().modulePrefix(form.kind().task()));
        form.config().complete(bank.attachment(), base(), row);
        float[] zeros = new float[row.length];
        return new LiveAdapter(setup.origin(), progress, bank, tensors(row, zeros, zeros));
    }

    private static void checkResumable(PeftConfig method) {
        if (!method.resumable()) {
            throw new IllegalArgumentException(
                    "Method ("
                            + method.peftType()
                            + ") must be trained from its state: a file holds what its encoder"
                            + " made, not the encoder. Maybe start a new adapter.");
        }
    }

    /**
     * Writes an adapter as a PEFT directory.
     *
     * @throws IOException if writing fails
     */
    public void export(LiveAdapter adapter, Path directory) throws IOException {
        setup.versions().export(adapter, setup.config().method(), directory);
    }

    /**
     * Writes an adapter as AdapterHub's directory.
     *
     * @throws IllegalArgumentException if AdapterHub has no such method
     * @throws IOException if writing fails
     */
    public void exportAdapterHub(LiveAdapter adapter, Path directory) throws IOException {
        setup.versions().exportAdapterHub(adapter, setup.config().method(), directory);
    }

    private void takeRecordedDtype(String recorded) {
        boolean measured = setup.config().dtype().equals(TrainerConfig.AUTO);
        if (measured && !settled && !recorded.equals(numerics().dtype())) {
            TrainingSetup other = TrainingSetup.of(setup.config().withDtype(recorded));
            setup.close();
            setup = other;
            kernels = other.kernels();
        }
        settled = true;
    }

    private AdapterTensors tensors(float[] row, float[] first, float[] second) {
        BaseModel base = base();
        return new AdapterTensors(base.copy(row), base.copy(first), base.copy(second));
    }

    /**
     * One optimizer step for every batch. What an adapter learns depends on its own batch alone,
     * not on the others.
     *
     * @param batches of different adapters, at least one
     * @return one outcome a batch, in order
     */
    public List<BatchOutcome> step(List<Batch> batches) {
        BatchOutcome[] outcomes = new BatchOutcome[batches.size()];
        Map<StepKey, List<Integer>> together = new LinkedHashMap<>();
        List<PreparedBatch> prepared = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            PreparedBatch batch = setup.prepare(batches.get(i));
            prepared.add(batch);
            int capacity =
                    Math.max(
                            batch.adapter().bank().capacity(),
                            setup.bank(batch.labels().size()).capacity());
            together.computeIfAbsent(
                            new StepKey(batch.trains(), capacity, setup.alone() ? i : -1),
                            key -> new ArrayList<>())
                    .add(i);
        }
        together.forEach(
                (key, indices) -> {
                    List<PreparedBatch> group = indices.stream().map(prepared::get).toList();
                    List<BatchOutcome> done =
                            key.trains ? train(group, key.capacity) : predict(group, key.capacity);
                    for (int i = 0; i < done.size(); i++) {
                        outcomes[indices.get(i)] = done.get(i);
                    }
                });
        return List.of(outcomes);
    }

    /** What batches must share to go through the kernel together. */
    private record StepKey(boolean trains, int capacity, int alone) {}

    private List<BatchOutcome> train(List<PreparedBatch> batches, int capacity) {
        Bank bank = setup.bankOfCapacity(capacity);
        List<AdapterTensors> grown = new ArrayList<>();
        List<Kernels.Part> parts = new ArrayList<>();
        PackedBatch packed = bank.newBatch();
        for (PreparedBatch batch : batches) {
            batch.packInto(packed);
            parts.add(
                    new Kernels.Part(
                            inBank(batch.adapter(), bank, grown),
                            batch.adapter().step() + 1,
                            batch.labels().size(),
                            batch.columns(),
                            batch.rightAnswers(),
                            batch.weights(),
                            setup.stepSeed(batch.adapter())));
        }
        List<Kernels.Stepped> stepped;
        try {
            stepped = kernels.step(bank, parts, packed, setup.config().optimizer());
        } finally {
            grown.forEach(AdapterTensors::close);
        }
        List<BatchOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < stepped.size(); i++) {
            outcomes.add(outcome(batches.get(i), stepped.get(i), bank));
        }
        return outcomes;
    }

    private BatchOutcome outcome(PreparedBatch batch, Kernels.Stepped stepped, Bank bank) {
        float loss = stepped.loss();
        float norm = stepped.gradientNorm();
        if (!Float.isFinite(loss) || !Float.isFinite(norm)) {
            stepped.tensors().close();
            return batch.refused(loss, norm);
        }
        List<PrequentialResult> results = batch.results(stepped.outputs());
        LiveAdapter after =
                new LiveAdapter(setup.origin(), batch.progress(results), bank, stepped.tensors());
        return batch.trained(after, loss, norm, results);
    }

    /** The adapter's tensors, moved to a larger head if the batch brings labels that need it. */
    private AdapterTensors inBank(LiveAdapter adapter, Bank bank, List<AdapterTensors> grown) {
        Bank own = adapter.bank();
        if (own.capacity() == bank.capacity()) {
            return adapter.tensors();
        }
        AdapterState state = adapter.snapshot();
        AdapterTensors larger =
                tensors(
                        own.grow(state.row(), bank),
                        own.grow(state.firstMoment(), bank),
                        own.grow(state.secondMoment(), bank));
        grown.add(larger);
        return larger;
    }

    private List<BatchOutcome> predict(List<PreparedBatch> batches, int capacity) {
        List<PreparedBatch> usable = batches.stream().filter(b -> !b.empty()).toList();
        List<float[][]> outputs = new ArrayList<>();
        if (!usable.isEmpty()) {
            PackedBatch packed = setup.bankOfCapacity(capacity).newBatch();
            usable.forEach(batch -> batch.packInto(packed));
            outputs =
                    kernels.predict(
                            setup.bankOfCapacity(capacity),
                            usable.stream().map(PreparedBatch::asked).toList(),
                            packed);
        }
        List<BatchOutcome> outcomes = new ArrayList<>();
        for (PreparedBatch batch : batches) {
            int i = usable.indexOf(batch);
            outcomes.add(batch.predicted(i < 0 ? List.of() : batch.results(outputs.get(i))));
        }
        return outcomes;
    }

    /** The adapter in its serving form, its parent the version published before. */
    public AdapterVersion version(LiveAdapter adapter) {
        return setup.versions().of(adapter);
    }

    private BaseModel base() {
        return setup.base();
    }

    /** Frees what this trainer holds; the base model stays loaded for others. */
    @Override
    public void close() {
        setup.close();
    }
}
