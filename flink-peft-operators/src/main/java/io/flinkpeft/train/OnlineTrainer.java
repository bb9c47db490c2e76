package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.engine.NativeHeap;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.file.PeftConfigJson;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.task.Task;
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
public final class OnlineTrainer implements Trainer {

    /** The adapter of {@link #trial}; nobody sees it. */
    private static final String TRIAL = "trial";

    private final TrainingSetups setups;
    private final MethodRule methods;
    private boolean settled;

    private OnlineTrainer(TrainingSetup setup, MethodRule methods) {
        this.setups = new TrainingSetups(setup, methods);
        this.methods = methods;
        setup.kernels();
    }

    /**
     * Loads the base model, or shares one that is loaded.
     *
     * @throws IllegalArgumentException if a setting cannot be used, or the model is missing or of
     *     an unsupported architecture
     */
    public static OnlineTrainer open(TrainerConfig config) {
        return open(config, MethodRule.DEFAULT);
    }

    /** The same with a rule for methods that adapters are given. */
    public static OnlineTrainer open(TrainerConfig config, MethodRule methods) {
        TrainingSetup setup = TrainingSetup.of(config);
        try {
            return new OnlineTrainer(setup, methods);
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
        return setups.configured().origin().numerics();
    }

    /**
     * How many values of an adapter the configured method trains; those of the head are not
     * counted.
     */
    public long trainedValues() {
        return setups.configured().trainedValues();
    }

    /** A fresh adapter of the configured method; the same seed and id give the same values. */
    public LiveAdapter create(String adapterId) {
        return create(adapterId, AdapterSettings.DEFAULT);
    }

    @Override
    public LiveAdapter create(String adapterId, AdapterSettings settings) {
        TrainingSetup setup = setups.of(settings);
        settled = true;
        Progress progress =
                Progress.fresh(
                        AdapterIds.check(adapterId), settings.firstStep(), setup.initialLabels());
        RowLayout rowLayout = setup.rowLayout(progress.labels().size());
        float[] row = setup.initialRow(adapterId, rowLayout);
        float[] zeros = new float[row.length];
        return new DeviceAdapter(setup, progress, rowLayout, setup.tensors(row, zeros, zeros));
    }

    /** An adapter of the configured method from its state. */
    public LiveAdapter restore(AdapterState state) {
        return restore(state, AdapterSettings.DEFAULT);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where the type of the frozen layers is {@code auto}, the first adapter of this trainer
     * decides it: a restart must not measure again and find another.
     */
    @Override
    public LiveAdapter restore(AdapterState state, AdapterSettings settings) {
        check(state, settings);
        TrainingSetup setup = setups.of(settings);
        setup.checkRow(state);
        Progress progress =
                new Progress(
                        state.adapterId(),
                        state.step(),
                        state.publishedStep(),
                        state.labels(),
                        setup.lineage(state),
                        state.statistics(),
                        state.publishedStatistics());
        return new DeviceAdapter(
                setup,
                progress,
                setup.layoutOfCapacity(state.labelCapacity()),
                setup.tensors(state.row(), state.firstMoment(), state.secondMoment()));
    }

    @Override
    public void check(AdapterState state, AdapterSettings settings) {
        takeRecordedDtype(state.numerics().dtype());
        setups.configured().check(state, !settings.ownMethod());
    }

    @Override
    public void checkMethod(String method) {
        methods.check();
        Task task = setups.configured().config().task();
        MethodRule.checkTask(PeftConfigJson.readControl(method).taskType(), task);
    }

    @Override
    public void trial() {
        try (LiveAdapter fresh = create(TRIAL)) {
            Example good = setups.configured().goodExample();
            BatchOutcome outcome = step(List.of(new Batch(fresh, List.of(good), List.of()))).get(0);
            if (outcome.after() == fresh) {
                throw new IllegalStateException(
                        "A trial step must learn from a good text and did not: "
                                + outcome.rejected());
            }
            outcome.after().close();
        }
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
        TrainingSetup setup = setups.configured();
        ServingForm form = directory.servingForm(base());
        Progress progress = Progress.fresh(AdapterIds.check(adapterId), 0, form.labels());
        RowLayout rowLayout = setup.rowLayout(form.labels().size());
        float[] row = form.row(rowLayout, base().names(form.task().peftType()));
        rowLayout.attached().complete(base(), row);
        float[] zeros = new float[row.length];
        return new DeviceAdapter(setup, progress, rowLayout, setup.tensors(row, zeros, zeros));
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
        DeviceAdapter own = own(adapter);
        TrainingSetup setup = own.setup();
        setup.versions().export(own, setup.config().method(), directory);
    }

    /**
     * Writes an adapter as AdapterHub's directory.
     *
     * @throws IllegalArgumentException if AdapterHub has no such method
     * @throws IOException if writing fails
     */
    public void exportAdapterHub(LiveAdapter adapter, Path directory) throws IOException {
        DeviceAdapter own = own(adapter);
        TrainingSetup setup = own.setup();
        setup.versions().exportAdapterHub(own, setup.config().method(), directory);
    }

    private void takeRecordedDtype(String recorded) {
        TrainerConfig config = setups.configured().config();
        boolean measured = config.dtype().equals(TrainerConfig.AUTO);
        if (measured && !settled && !recorded.equals(numerics().dtype())) {
            setups.replaceConfigured(TrainingSetup.of(config.withDtype(recorded)));
            setups.configured().kernels();
        }
        settled = true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Adapters of one method share a call of the kernel.
     */
    @Override
    public List<BatchOutcome> step(List<Batch> batches) {
        BatchOutcome[] outcomes = new BatchOutcome[batches.size()];
        Map<JointStep, List<Integer>> together = new LinkedHashMap<>();
        List<PreparedBatch> prepared = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            PreparedBatch batch = prepare(batches.get(i));
            prepared.add(batch);
            together.computeIfAbsent(JointStep.of(batch, i), step -> new ArrayList<>()).add(i);
        }
        try {
            together.forEach(
                    (step, indices) -> {
                        var done = step.run(indices.stream().map(prepared::get).toList());
                        for (int i = 0; i < done.size(); i++) {
                            outcomes[indices.get(i)] = done.get(i);
                        }
                    });
        } catch (Throwable e) {
            free(batches, outcomes);
            throw e;
        }
        return List.of(outcomes);
    }

    private static PreparedBatch prepare(Batch batch) {
        DeviceAdapter adapter = own(batch.adapter());
        return adapter.setup().prepare(adapter, batch);
    }

    private static void free(List<Batch> batches, BatchOutcome[] outcomes) {
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] != null && outcomes[i].after() != batches.get(i).adapter()) {
                outcomes[i].after().close();
            }
        }
    }

    @Override
    public AdapterVersion version(LiveAdapter adapter) {
        DeviceAdapter own = own(adapter);
        return own.setup().versions().of(own);
    }

    /** Adapters are of the trainer that made them. */
    private static DeviceAdapter own(LiveAdapter adapter) {
        return (DeviceAdapter) adapter;
    }

    private BaseModel base() {
        return setups.configured().base();
    }

    /** Frees what this trainer holds. The base model stays loaded for others. */
    @Override
    public void close() {
        setups.close();
        NativeHeap.trim();
    }
}
