package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.FrozenDtype;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.FrozenTensors;
import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A frozen base model on a device: the tensors its kernel reads, its tokenizer, and what is known
 * of it. Immutable; used by several threads. {@link BaseModels} keeps one a process.
 */
public final class BaseModel implements AutoCloseable, BaseTensors {

    private static final String POOLER = "pooler.dense.weight";

    /** For how many ranks singular factors are kept: topics may name any of them. */
    private static final int RANKS = 4;

    private final ModelDirectory directory;
    private final Architecture architecture;
    private final TorchDevice device;
    private final FrozenDtype dtype;
    private final NDManager manager;
    private final NDArray[] tensors;
    private final TextTokenizer tokenizer;
    private final OptionalLong endToken;
    private final CheckpointTensors checkpoint;
    private final PeftView view;
    private final DeviceTensors copies;
    private final Map<String, TorchProgram> programs = new ConcurrentHashMap<>();
    private final Map<Integer, Map<String, float[][]>> factors = // by rank and module
            new LinkedHashMap<>(RANKS, 0.75f, true);
    private final Map<FrozenTensors, List<NDArray>> frozen = new ConcurrentHashMap<>();

    private BaseModel(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        this.directory = directory;
        this.checkpoint = directory.checkpoint();
        this.device = device;
        this.dtype = dtype;
        this.architecture = checkpoint.architecture();
        this.view = new PeftView(checkpoint);
        this.tokenizer = openTokenizer(directory);
        this.endToken = endToken(directory, tokenizer);
        this.manager = TorchRuntime.newManager(device);
        this.copies = new DeviceTensors(manager);
        try {
            this.tensors = copies.load(checkpoint, dtype);
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

    private static OptionalLong endToken(ModelDirectory directory, TextTokenizer tokenizer) {
        try {
            return EndToken.of(directory.path(), tokenizer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BaseModel load(ModelDirectory directory, TorchDevice device, FrozenDtype dtype) {
        return new BaseModel(directory, device, dtype);
    }

    /** A vector beside the model, in memory of libtorch; the caller closes it. */
    public NDArray copy(float[] values) {
        return copies.copy(values);
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
                                .map(copies::copy)
                                .toList());
    }

    /** What stands before the names of its tensors in a checkpoint with the head for a task. */
    public String tensorPrefix(TaskType task) {
        return architecture.prefix(task);
    }

    /** What its program knows besides tensors. */
    public BaseConstants constants() {
        return architecture.constants();
    }

    /**
     * The program of this model with a method and a head, not yet compiled.
     *
     * @param method the texts of the method's hooks
     */
    public KernelText link(Map<Hook, String> method, ModelHead head) {
        return KernelText.link(
                BaseTexts.of(architecture.modules(), architecture.constants()),
                architecture.kernels(),
                architecture.activation(),
                method,
                head.kernels());
    }

    /** How it pools tokens to a text. */
    public Pooling pooling() {
        return directory.pooling();
    }

    /** Its tokenizer. */
    public TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** The token that ends a text; empty if its files name none. */
    public OptionalLong endToken() {
        return endToken;
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
        return architecture.vocabulary().flatMap(checkpoint::find).isPresent();
    }

    /** The number of the token that fills batches up; -1 if there is none. */
    public long padding() {
        return directory.padding();
    }

    /**
     * The token that takes no position of its own, even where it is written in a text, as RoBERTa's
     * padding; empty if all take one.
     */
    public OptionalLong withoutPosition() {
        return architecture.withoutPosition();
    }

    /** Whether it gives logits of its vocabulary at a mask. */
    public boolean hasMaskedLm() {
        return architecture
                .maskedLm()
                .filter(head -> checkpoint.find(head.bias()).isPresent())
                .filter(head -> head.tied() || checkpoint.find(head.output()).isPresent())
                .isPresent();
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
        return checkpoint.find(POOLER).isPresent();
    }

    @Override
    public float[] values(String name) {
        return checkpoint.required(name).toFloats();
    }

    @Override
    public float[] weight(String module) {
        return checkpoint.weight(module);
    }

    @Override
    public float[][] singularFactors(String module, int out, int rank) {
        return factors(rank)
                .computeIfAbsent(
                        module, key -> SingularFactors.of(weight(module), out, rank, manager));
    }

    private Map<String, float[][]> factors(int rank) {
        synchronized (factors) {
            var ofRank = factors.computeIfAbsent(rank, key -> new ConcurrentHashMap<>());
            if (factors.size() > RANKS) {
                factors.remove(factors.keySet().iterator().next()); // asked for longest ago
            }
            return ofRank;
        }
    }

    @Override
    public float[] wordEmbeddings() {
        return values(checkpoint.wordEmbedding());
    }

    @Override
    public long[] tokens(String text) {
        Tokens tokens = tokenizer.encode(text, null, Integer.MAX_VALUE);
        return UnknownTokenException.refuse(tokens, directory.config().vocabularySize()).ids();
    }

    /**
     * A tensor of the checkpoint that the kernel does not read, such as {@code classifier.bias}.
     */
    public Optional<TensorView> extra(String name) {
        return checkpoint.find(name);
    }

    /** The weight of a module of the model with a head, such as {@code model.embed_tokens}. */
    public Optional<TensorView> weightOf(String module) {
        return checkpoint.find(checkpoint.weightOf(module));
    }

    /** The linear layers of the bare model without pooler, in the kernel's order. */
    public List<TargetLayer> sites() {
        return view.sites();
    }

    /** The same with those behind it that a head calls: a pooler, or the output embedding. */
    public List<TargetLayer> sites(ModelHead head) {
        return view.sites(head);
    }

    /** The place of a site's weight among the tensors; its bias is behind it. */
    public int place(TargetLayer site) {
        return architecture.modules().place(site);
    }

    /** The bare model as PEFT sees it. */
    public AttachedModel attached() {
        return view.attached();
    }

    /** The model with a head as PEFT sees it. */
    public AttachedModel attached(TaskType task) {
        return view.attached(task);
    }

    /** How a model with the head for a task calls its modules. */
    public FullNames names(TaskType task) {
        return view.names(task);
    }

    /** Frees its memory. */
    @Override
    public void close() {
        programs.values().forEach(TorchProgram::close);
        manager.close();
        tokenizer.close();
    }
}
