package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.NumericsChange;
import io.flinkpeft.engine.Arithmetic;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.task.TextEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What a {@link TrainerConfig} comes to on this machine: the base, the attachment and the head. */
final class TrainingSetup implements AutoCloseable {

    private final TrainerConfig config;
    private final BaseModels.Lease lease;
    private final Head head;
    private final AttachedMethod attachment;
    private final DeviceAdapter.Origin origin;
    private final LabelRule labelRule;
    private Kernels kernels;

    private TrainingSetup(TrainerConfig config, BaseModels.Lease lease, Numerics numerics) {
        this.config = config;
        this.lease = lease;
        config.task().check(base().directory(), "trained");
        this.head = Head.of(config.task(), base(), config.labels());
        checkLabels();
        this.attachment = head.attach(config.method(), base());
        checkRoom();
        head.task().check(encoder());
        this.labelRule = new LabelRule(!head.labels().isEmpty(), mostLabels());
        StateSize.check(config.method(), rowLayout(head.labels().size()).tensors().size());
        this.origin = new DeviceAdapter.Origin(base().hash(), fingerprint(), numerics);
    }

    static TrainingSetup of(TrainerConfig config) {
        BaseModels.Lease lease = acquire(config.model(), config.device(), config.dtype());
        try {
            return new TrainingSetup(config, lease, numerics(lease.model()));
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** That of another method over the same base; it is closed with this one. */
    TrainingSetup with(PeftConfig method, MethodRule rule) {
        TrainerConfig other = config.withMethod(method).withDtype(origin.numerics().dtype());
        var setup = new TrainingSetup(other, lease, origin.numerics()); // measured once
        setup.checkSize(rule.most(attachment.tensors().size()));
        return setup;
    }

    static BaseModels.Lease acquire(String model, String deviceName, String dtypeName) {
        TorchDevice device = TorchDevice.of(deviceName);
        FrozenDtype dtype = FrozenDtype.of(dtypeName, device);
        try {
            var directory = ModelDirectory.open(ModelLocator.locate(model));
            return BaseModels.acquire(directory, device, dtype);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Numerics numerics(BaseModel base) {
        return new Numerics(
                base.dtype().label(),
                TorchRuntime.INTRA_OP_THREADS,
                base.device().deviceClass(),
                "libtorch "
                        + TorchRuntime.version()
                        + ", tokenizers "
                        + TextTokenizer.libraryVersion()
                        + ", arithmetic "
                        + Arithmetic.of(base.device(), base.dtype()));
    }

    /** Adapters of equal fingerprints have rows of the same meaning. */
    private String fingerprint() {
        return config.method().fingerprint() + " head=" + head.description();
    }

    TrainerConfig config() {
        return config;
    }

    BaseModel base() {
        return lease.model();
    }

    DeviceAdapter.Origin origin() {
        return origin;
    }

    /** Links and loads the program when it is first asked for. */
    Kernels kernels() {
        if (kernels == null) {
            kernels = new Kernels(base(), head.module(), attachment);
        }
        return kernels;
    }

    Versions versions() {
        return new Versions(attachment.config(), head, base(), config.model());
    }

    /** Whether each adapter goes through the kernel alone. */
    boolean alone() {
        return attachment.alone();
    }

    long trainedValues() {
        return attachment.groups().stream()
                .filter(group -> group.rateFactor() > 0)
                .mapToLong(AttachedMethod.Group::size)
                .sum();
    }

    /** Refuses labels that the head does not have: no example could be learned from. */
    private void checkLabels() {
        if (!config.labels().isEmpty() && !config.labels().equals(head.labels())) {
            throw new IllegalArgumentException(
                    "head.labels "
                            + config.labels()
                            + " must be absent, or those of head.kind ("
                            + config.task().name()
                            + ") of model "
                            + base().directory().path()
                            + ", "
                            + head.labels()
                            + ". Maybe use head.kind = STREAM.");
        }
    }

    /** Refuses a method that leaves no room for a text. */
    private void checkRoom() {
        int most = base().maxPositions() - TextTokenizer.MIN_TOKENS;
        if (attachment.virtualTokens() > most) {
            throw new IllegalArgumentException(
                    "Method ("
                            + config.method().peftType()
                            + ") has "
                            + attachment.virtualTokens()
                            + " virtual tokens, must have at most "
                            + most
                            + ": the base model has "
                            + base().maxPositions()
                            + " positions.");
        }
    }

    /** As many as head.max-labels says, or as a state has room for. */
    private int mostLabels() {
        long first = layoutOfCapacity(0).tensors().size();
        long perLabel = layoutOfCapacity(1).tensors().size() - first;
        return StateSize.mostLabels(config.maxLabels(), first, perLabel);
    }

    /**
     * Refuses a method with more values than a rule allows, or than the base has: nobody needs it,
     * and one record of a stream could take all memory.
     */
    private void checkSize(long allowed) {
        long values = attachment.tensors().size();
        if (values > allowed) {
            throw new IllegalArgumentException(
                    "Method ("
                            + config.method().peftType()
                            + ") has "
                            + values
                            + " values an adapter, must have at most "
                            + allowed
                            + ", see controls.max-values. Maybe take a smaller rank.");
        }
        long most = Arrays.stream(base().tensors()).mapToLong(NDArray::size).sum();
        if (values > most) {
            throw new IllegalArgumentException(
                    "Method ("
                            + config.method().peftType()
                            + ") has "
                            + values
                            + " values an adapter, must have at most "
                            + most
                            + ", as many as the base model. Maybe take a smaller rank.");
        }
    }

    /** A labelled example that any adapter can learn from. */
    Example goodExample() {
        ExampleContent good = head.task().good(head.labels());
        return Example.of("trial", good);
    }

    List<String> initialLabels() {
        return head.labels();
    }

    /** The row layout of adapters with so many labels. */
    RowLayout rowLayout(int labels) {
        return layoutOfCapacity(labelRule.capacity(labels));
    }

    /** The learning rates of an adapter's groups. */
    double[] rates(AdapterSettings settings, RowLayout rowLayout) {
        return rowLayout.rates(
                config.optimizer().withRates(settings.learningRate(), settings.headLearningRate()));
    }

    RowLayout layoutOfCapacity(int capacity) {
        return RowLayout.of(attachment, head.module(), capacity);
    }

    PreparedBatch prepare(DeviceAdapter adapter, Batch batch) {
        return new PreparedBatch(adapter, batch, head.task(), encoder(), labelRule);
    }

    private TextEncoder encoder() {
        return TextEncoder.of(base(), attachment, head.module(), config.texts());
    }

    float[] initialRow(String adapterId, RowLayout rowLayout) {
        float[] row = new float[rowLayout.tensors().size()];
        long seed = Seeds.derive(config.seed(), adapterId);
        attachment.initialize(base(), seed, row);
        head.initialize(row, rowLayout, seed);
        return row;
    }

    AdapterTensors tensors(float[] row, float[] first, float[] second) {
        return new AdapterTensors(base().copy(row), base().copy(first), base().copy(second));
    }

    /** The seed of what is random in an adapter's next step. */
    long stepSeed(DeviceAdapter adapter) {
        String step = Long.toString(adapter.step() + 1);
        return Seeds.derive(config.seed(), adapter.adapterId(), step);
    }

    /**
     * Refuses a state that no adapter of this configuration would go on with as it was.
     *
     * @param ofThisMethod whether its method must be the configured one
     */
    void check(AdapterState state, boolean ofThisMethod) {
        require(
                state,
                "base model",
                state.baseHash(),
                origin.baseHash(),
                "the base changed since its last checkpoint");
        if (ofThisMethod) {
            require(
                    state,
                    "method",
                    state.method(),
                    origin.method(),
                    "the configuration changed since its last checkpoint");
        }
        if (config.numerics() == NumericsRule.KEEP) {
            require(
                    state,
                    "numerics",
                    state.numerics().toString(),
                    origin.numerics().toString(),
                    "set train.numerics to allow-change: the machine or its libraries changed");
        }
    }

    /** Refuses a row of another method, or of another size. */
    void checkRow(AdapterState state) {
        require(
                state,
                "method",
                state.method(),
                origin.method(),
                "its control came under another release",
                IllegalStateException::new);
        int values = layoutOfCapacity(state.labelCapacity()).tensors().size();
        if (state.row().length != values) {
            throw new IllegalStateException(
                    "Adapter "
                            + state.adapterId()
                            + " has a row of "
                            + state.row().length
                            + " values, must have "
                            + values
                            + ".");
        }
    }

    /** The lineage of a state that goes on here. */
    Lineage lineage(AdapterState state) {
        return state.numerics().equals(origin.numerics())
                ? state.lineage()
                : state.lineage().plus(new NumericsChange(state.step(), state.numerics()));
    }

    private static void require(
            AdapterState state, String what, String has, String must, String maybe) {
        require(state, what, has, must, maybe, ForeignStateException::new);
    }

    private static void require(
            AdapterState state,
            String what,
            String has,
            String must,
            String maybe,
            Function<String, IllegalStateException> failure) {
        if (!has.equals(must)) {
            throw failure.apply(
                    "Adapter "
                            + state.adapterId()
                            + " was trained with "
                            + what
                            + " ("
                            + has
                            + "), must be ("
                            + must
                            + "). Maybe "
                            + maybe
                            + ".");
        }
    }

    @Override
    public void close() {
        lease.close();
    }
}
