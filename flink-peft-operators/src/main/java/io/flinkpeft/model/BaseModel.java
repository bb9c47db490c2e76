package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.FrozenTensors;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A frozen base model on a device: the tensors its kernel reads, its tokenizer, and what is known
 * of it. Immutable; used by several threads. {@link BaseModels} keeps one a process.
 */
public final class BaseModel implements AutoCloseable, BaseTensors {

    private static final String POOLER = "pooler.dense.weight";

    private final ModelDirectory directory;
    private final Architecture architecture;
    private final TorchDevice device;
    private final FrozenDtype dtype;
    private final NDManager manager;
    private final NDArray[] tensors;
    private final TextTokenizer tokenizer;
    private final boolean pooler;
    private final Map<String, TorchProgram> programs = new ConcurrentHashMap<>();
    private final Map<String, float[][]> factors = new ConcurrentHashMap<>();
    private final Map<FrozenTensors, List<NDArray>> frozen = new ConcurrentHashMap<>();

    private BaseModel(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        this.directory = directory;
        this.architecture = directory.architecture();
        this.device = device;
        this.dtype = dtype;
        this.pooler = find(POOLER).isPresent();
        this.tokenizer = openTokenizer(directory);
        this.manager = TorchRuntime.newManager(device);
        try {
            this.tensors = load();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static TextTokenizer openTokenizer(ModelDirectory directory) {
        try {
            return directory.openTokenizer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BaseModel load(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        return new BaseModel(directory, device, dtype);
    }

    private NDArray[] load() {
        List<NDArray> loaded = new ArrayList<>();
        try (var caster = new FrozenDtype.Caster(manager)) {
            for (String name : architecture.modules().tensors()) {
                if (absent(name)) {
                    loaded.add(manager.zeros(new Shape(0), DataType.FLOAT32));
                    continue;
                }
                boolean cast =
                        dtype != FrozenDtype.FP32 && architecture.modules().isLinearWeight(name);
                NDArray tensor = copy(required(name));
                if (cast) {
                    loaded.add(caster.cast(manager, tensor, dtype));
                    tensor.close();
                } else {
                    loaded.add(tensor);
                }
            }
        }
        return loaded.toArray(NDArray[]::new);
    }

    private TensorView required(String name) {
        return find(name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Model "
                                                + directory.path()
                                                + " has no tensor "
                                                + name
                                                + ", a "
                                                + directory.config().modelType()
                                                + " model must have it."));
    }

    private Optional<TensorView> find(String name) {
        Map<String, TensorView> views = directory.tensors();
        TensorView bare = views.get(name);
        return Optional.ofNullable(bare).or(() -> prefixed(name, views)).or(() -> copyOf(name));
    }

    private Optional<TensorView> prefixed(String name, Map<String, TensorView> views) {
        return architecture.prefixes().stream()
                .map(prefix -> views.get(prefix + name))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Some files hold the words' embedding by the name of a module that shares it. */
    private Optional<TensorView> copyOf(String name) {
        String words = architecture.modules().embeddings().get(0) + ".weight";
        return architecture.copiesOfWordEmbedding().stream()
                .filter(copy -> name.equals(words))
                .flatMap(copy -> find(copy + ".weight").stream())
                .findFirst();
    }

    /** A tensor in memory of libtorch: what DJL makes of a buffer stays in the buffer. */
    private NDArray copy(TensorView view) {
        float[] values = view.toFloats();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, values.length))
                        .order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        long[] shape = view.shape().stream().mapToLong(Long::longValue).toArray();
        try (NDArray window = manager.create(bytes, new Shape(shape), DataType.FLOAT32)) {
            return window.duplicate();
        }
    }

    /** A vector beside the model, in memory of libtorch; the caller closes it. */
    public NDArray copy(float[] values) {
        // the one made from an array stays in a direct buffer
        try (NDArray window = manager.create(values, new Shape(values.length))) {
            return window.duplicate();
        }
    }

    /** SHA-256 over all tensors, hex. */
    public String hash() {
        return directory.hash();
    }

    /** The directory it was loaded from. */
    public ModelDirectory directory() {
        return directory;
    }

    /** Where it is. */
    public TorchDevice device() {
        return device;
    }

    /** The type of its frozen linear layers. */
    public FrozenDtype dtype() {
        return dtype;
    }

    /** Owns its tensors; what lives as long as the model may be made with it. */
    public NDManager manager() {
        return manager;
    }

    /** A program over this model, compiled once for all its users and kept as long as it. */
    public TorchProgram program(KernelText text) {
        return programs.computeIfAbsent(text.methods(), methods -> text.compile(manager));
    }

    /** The tensors in the kernel's order. */
    public NDArray[] tensors() {
        return tensors;
    }

    /**
     * Tensors of a file, loaded once for all who ask for them.
     *
     * @throws IllegalArgumentException if the file is missing, another one, or not for this model
     */
    public List<NDArray> frozen(FrozenTensors frozen) {
        return this.frozen.computeIfAbsent(
                frozen,
                key ->
                        FrozenFile.read(key, architecture.prefix()).stream()
                                .map(this::copy)
                                .toList());
    }

    /** What stands before the names of its tensors in a checkpoint with the head for a task. */
    public String tensorPrefix(TaskType task) {
        return architecture.prefix(task);
    }

    /** Layers, heads and other whole numbers, as the kernel takes them. */
    public long[] counts() {
        return architecture.counts();
    }

    /** The norms' epsilon and other numbers, as the kernel takes them. */
    public double[] constants() {
        return architecture.constants();
    }

    /** The names of its kernel texts. */
    public List<String> kernels() {
        return architecture.kernels();
    }

    /** Its activation function as a kernel's expression. */
    public String activation() {
        return architecture.activation();
    }

    /** How it pools tokens to a text. */
    public Pooling pooling() {
        return directory.pooling();
    }

    /** Its tokenizer. */
    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** Features of a token, and of a pooled text. */
    public int hiddenSize() {
        return directory.config().hiddenSize();
    }

    /** Whether it is an encoder-decoder: it reads a text and, beside it, a target. */
    public boolean encodesAndDecodes() {
        return directory.config().decoderStart().isPresent();
    }

    /** Whether it gives logits of its vocabulary. */
    public boolean hasVocabulary() {
        return architecture.vocabulary().flatMap(this::find).isPresent();
    }

    /** The number of the token that fills batches up; -1 if there is none. */
    public long padding() {
        return directory.padding();
    }

    /** Whether it gives logits of its vocabulary at a mask. */
    public boolean hasMaskedLm() {
        return architecture.maskedLm().map(MaskedLmHead::bias).flatMap(this::find).isPresent();
    }

    /** What its directory says of generation. */
    public GenerationConfig generation() {
        return directory.generation();
    }

    /** The longest text, in tokens. */
    public int maxPositions() {
        return directory.config().maxPositions();
    }

    /** Whether the checkpoint has what its own classification head needs. */
    public boolean hasPooler() {
        return pooler;
    }

    @Override
    public float[] values(String name) {
        return required(name).toFloats();
    }

    @Override
    public float[] weight(String module) {
        float[] values = values(module + ".weight");
        return architecture.modules().sites().stream()
                .filter(site -> site.fanInFanOut() && site.module().equals(module))
                .findFirst()
                .map(site -> transposed(values, site.out()))
                .orElse(values);
    }

    private static float[] transposed(float[] values, int columns) {
        int rows = values.length / columns;
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            transposed[i % columns * rows + i / columns] = values[i];
        }
        return transposed;
    }

    @Override
    public float[][] singularFactors(String module, int out, int rank) {
        return factors.computeIfAbsent(
                module + " " + rank, key -> SingularFactors.of(weight(module), out, rank, manager));
    }

    @Override
    public float[] wordEmbeddings() {
        return values(architecture.modules().embeddings().get(0) + ".weight");
    }

    @Override
    public long[] tokens(String text) {
        return tokenizer.encode(text, null, Integer.MAX_VALUE).ids();
    }

    /**
     * A tensor of the checkpoint that the kernel does not read, such as {@code classifier.bias}.
     */
    public Optional<TensorView> extra(String name) {
        return find(name);
    }

    /** The linear layers of the bare model without pooler, in the kernel's order. */
    public List<Site> sites() {
        return architecture.modules().sites().stream().filter(site -> !inPooler(site)).toList();
    }

    /**
     * The linear layers of a checkpoint with a head, and with {@code pooler} that of the pooler, in
     * the kernel's order; {@link #modulePrefix} completes their names.
     */
    public List<Site> sites(boolean pooler) {
        return architecture.modules().sites().stream()
                .filter(site -> pooler || !inPooler(site))
                .map(site -> inPooler(site) ? site : site.within(siblingPrefix()))
                .toList();
    }

    private static boolean inPooler(Site site) {
        return site.module().startsWith("pooler.");
    }

    private String siblingPrefix() {
        return architecture.poolerBesideModel() ? architecture.prefix() : "";
    }

    /** The bare model as PEFT sees it. */
    public AttachedModel attached() {
        return attached("", "", "", TaskType.FEATURE_EXTRACTION);
    }

    /** The model with a head as PEFT sees it. */
    public AttachedModel attached(TaskType task) {
        return attached(modulePrefix(task), architecture.prefix(task), siblingPrefix(), task);
    }

    private AttachedModel attached(
            String prefix, String embeddings, String siblings, TaskType task) {
        List<String> others = new ArrayList<>();
        architecture.copiesOfWordEmbedding().forEach(module -> others.add(embeddings + module));
        architecture.modules().embeddings().forEach(module -> others.add(embeddings + module));
        if (task == TaskType.CAUSAL_LM || task == TaskType.SEQ_2_SEQ_LM) {
            others.add("lm_head");
        }
        return new AttachedModel(
                directory.config().modelType(),
                prefix,
                others,
                task,
                kernelTensors(siblings),
                architecture.shape());
    }

    /** What the kernel reads; without a name where this model has none. */
    private List<BaseTensor> kernelTensors(String prefix) {
        return architecture.modules().tensors().stream()
                .map(name -> kernelTensor(name, prefix))
                .toList();
    }

    private BaseTensor kernelTensor(String name, String prefix) {
        if (absent(name) || architecture.modules().isBuffer(name)) {
            return new BaseTensor("", List.of(0));
        }
        String full = name.startsWith("pooler.") ? name : prefix + name;
        return new BaseTensor(full, dimensions(required(name)));
    }

    /** The kernel gets an empty tensor then. */
    private boolean absent(String name) {
        return name.isEmpty() || architecture.mayLack(name) && find(name).isEmpty();
    }

    private static List<Integer> dimensions(TensorView view) {
        return view.shape().stream().map(Math::toIntExact).toList();
    }

    /** Whether a method may put keys and values before a text's own. */
    public boolean takesPrefixes() {
        return architecture.takesPrefixes();
    }

    /**
     * The prefix of module names in a model with the head for a task, such as {@code bert.}; empty
     * where not all of them have one, and {@link #sites(boolean)} are whole names.
     */
    public String modulePrefix(TaskType task) {
        return architecture.poolerBesideModel() ? "" : architecture.prefix(task);
    }

    /** Frees its memory. */
    @Override
    public void close() {
        programs.values().forEach(TorchProgram::close);
        manager.close();
        tokenizer.close();
    }
}
