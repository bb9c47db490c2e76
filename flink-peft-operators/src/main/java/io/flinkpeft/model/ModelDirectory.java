package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A base model as Hugging Face keeps it: {@code config.json}, {@code model.safetensors} in one file
 * or several, {@code tokenizer.json}, and perhaps the files of sentence-transformers.
 *
 * <pre>{@code
 * var model = ModelDirectory.open(ModelLocator.locate("all-MiniLM-L6-v2"));
 * float[] bias = model.tensor("encoder.layer.0.output.dense.bias").toFloats();
 * }</pre>
 *
 * <p>Tensors stay on disk, mapped into memory; the files must not be changed while it is in use.
 * Immutable; may be used by several threads.
 */
public final class ModelDirectory {

    private final Path path;
    private final CheckpointTensors checkpoint;
    private final SortedMap<String, TensorView> tensors;
    private final Pooling pooling;
    private final long padding;
    private final Optional<ProblemType> problemType;
    private final OptionalInt maxTokens;
    private final int tokenizerLimit;
    private final SentenceModules modules;
    private final GenerationConfig generation;
    private String hash;

    private ModelDirectory(Path path) throws IOException {
        this.path = path;
        JsonNode config;
        Architecture architecture;
        try {
            config = JsonFiles.read(path.resolve("config.json"));
            architecture = Architectures.of(config);
            padding = config.path("pad_token_id").asLong(-1);
            problemType = ProblemType.of(config);
        } catch (IllegalArgumentException e) {
            throw refused(path, e);
        }
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(WeightFiles.read(path)));
        checkpoint = checkpoint(path, architecture, config, tensors);
        pooling = SentenceTransformerFiles.pooling(path).orElse(architecture().pooling());
        maxTokens = SentenceTransformerFiles.maxTokens(path);
        generation = GenerationConfig.read(path);
        tokenizerLimit = TokenizerFiles.maxTokens(path);
        modules = SentenceModules.read(path);
    }

    /** Of a file with an output embedding of its own the architecture has one, too. */
    private static CheckpointTensors checkpoint(
            Path path,
            Architecture architecture,
            JsonNode config,
            SortedMap<String, TensorView> tensors) {
        try {
            SortedMap<String, TensorView> views = CheckpointNames.today(tensors.values());
            var checkpoint = new CheckpointTensors(path, architecture, views);
            checkpoint.checkShapes();
            if (!checkpoint.hasOwnOutput()) {
                return checkpoint;
            }
            ObjectNode untied = architecture.untied(config.deepCopy());
            return new CheckpointTensors(path, Architectures.of(untied), views);
        } catch (IllegalArgumentException e) {
            throw refused(path, e);
        }
    }

    private static IllegalArgumentException refused(Path path, IllegalArgumentException e) {
        return new IllegalArgumentException("Model " + path + ": " + e.getMessage(), e);
    }

    /**
     * Reads a directory.
     *
     * @throws IllegalArgumentException if it is missing or cannot be used, with the reason
     * @throws IOException if reading fails
     */
    public static ModelDirectory open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("Model (" + directory + ") must be a directory.");
        }
        return new ModelDirectory(directory);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** What {@code config.json} says. */
    public ModelConfig config() {
        return architecture().config();
    }

    /** The head that checkpoints of its family have for a task; empty if there is none. */
    public Optional<ModelHead> head(TaskType task) {
        return Optional.ofNullable(architecture().heads().get(task));
    }

    /** Whether the checkpoint has that head; false for one without tensors of its own. */
    public boolean hasHead(TaskType task) {
        return head(task)
                .filter(head -> !head.tensors().isEmpty())
                .filter(head -> tensors.containsKey(head.firstPerLabel().name()))
                .isPresent();
    }

    /** Whether it was saved as a class of transformers whose name ends so. */
    public boolean isOf(String suffix) {
        return config().architectures().stream().anyMatch(name -> name.endsWith(suffix));
    }

    Architecture architecture() {
        return checkpoint.architecture();
    }

    /** Its tensors by the names that its architecture has for them. */
    CheckpointTensors checkpoint() {
        return checkpoint;
    }

    /** What a user should know of its files, a line each. */
    public List<String> notes() {
        return Stream.concat(checkpoint.notes().stream(), vocabularyNote().stream()).toList();
    }

    /** Texts with the tokens that have no embedding are refused one by one. */
    private Optional<String> vocabularyNote() {
        long tokens = tokens(path.resolve(TextTokenizer.FILE));
        int rows = config().vocabularySize();
        return tokens <= rows
                ? Optional.empty()
                : Optional.of(
                        "Model "
                                + path
                                + " has vocab_size ("
                                + rows
                                + ") and a tokenizer of "
                                + tokens
                                + " tokens: a text with one of the others cannot be used.");
    }

    private static long tokens(Path tokenizer) {
        try {
            return Files.isRegularFile(tokenizer) ? TokenizerSize.of(tokenizer) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All tensors, by name as it is in the file. */
    public SortedMap<String, TensorView> tensors() {
        return tensors;
    }

    /**
     * One tensor.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public TensorView tensor(String name) {
        TensorView tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("Model " + path + " must have tensor " + name + ".");
        }
        return tensor;
    }

    /** How it was trained to pool; if nothing says, the mean, of a decoder the last token. */
    public Pooling pooling() {
        return pooling;
    }

    /** Whether it was saved as a causal language model. */
    public boolean generates() {
        return head(TaskType.CAUSAL_LM).isPresent() && (isOf("ForCausalLM") || isOf("LMHeadModel"));
    }

    /** What its own classifier of texts gives; empty if nothing says. */
    public Optional<ProblemType> problemType() {
        return problemType;
    }

    /**
     * Refuses regressions, and classifiers that give a text several labels or know only one.
     *
     * @param use what the classifier must not be used for, such as {@code trained}
     * @throws IllegalArgumentException if the checkpoint's own classifier is one of these
     */
    public void requireSingleLabel(String use) {
        int labels = config().labels().size();
        if (problemType.filter(ProblemType::severalLabelsOrNone).isPresent()) {
            throw notSingle("problem_type (" + problemType.get().configName() + ")", use);
        }
        if (labels < 2) {
            throw notSingle(labels + " label and no problem_type", use);
        }
    }

    /**
     * Refuses a checkpoint whose own classifier of texts is said to be for something else.
     *
     * @param type what it must be for, if it says
     * @param use what the classifier must not be used for, such as {@code trained}
     * @throws IllegalArgumentException if it is not
     */
    public void requireProblemType(ProblemType type, String use) {
        if (hasHead(TaskType.SEQ_CLS) && problemType.filter(own -> own != type).isPresent()) {
            throw new IllegalArgumentException(
                    "Model "
                            + path
                            + " has problem_type ("
                            + problemType.get().configName()
                            + "), must have "
                            + type.configName()
                            + " for its own head to be "
                            + use
                            + ". Maybe use the task of its problem_type.");
        }
    }

    private IllegalArgumentException notSingle(String has, String use) {
        return new IllegalArgumentException(
                "Model "
                        + path
                        + " has "
                        + has
                        + ", must have "
                        + ProblemType.SINGLE_LABEL_CLASSIFICATION.configName()
                        + " with at least 2 labels for its own head to be "
                        + use
                        + ". Maybe use the task of its problem_type, or a head for streams:"
                        + " head.kind STREAM, or task_type FEATURE_EXTRACTION.");
    }

    /** The number of the token that fills batches up; -1 if there is none. */
    long padding() {
        return padding;
    }

    /** What it says of generation. */
    public GenerationConfig generation() {
        return generation;
    }

    /**
     * The longest text that its tokenizer gives it, in tokens: as many as it has positions, or less
     * if {@code model_max_length} of {@code tokenizer_config.json} says so.
     */
    public int longestText() {
        return Math.min(config().maxPositions(), tokenizerLimit);
    }

    /**
     * What sentence-transformers puts before each text that becomes a vector; may be empty.
     *
     * @throws IllegalArgumentException if it does what cannot be done here
     */
    public String embeddingPrompt() {
        if (modules.refusal().isPresent()) {
            throw new IllegalArgumentException(
                    "Model " + path + " gives no vectors: " + modules.refusal().get() + ".");
        }
        return modules.prompt();
    }

    /** Whether sentence-transformers has layers behind the pooling of a text's tokens. */
    public boolean transformsEmbeddings() {
        return !modules.layers().isEmpty();
    }

    /**
     * A text's vector behind the layers of sentence-transformers, of length 1.
     *
     * @param pooled the pooled vector of its tokens, as it is
     * @throws IllegalArgumentException if a layer takes vectors of another length
     */
    public float[] embedding(float[] pooled) {
        float[] vector = pooled;
        for (SentenceLayer layer : modules.layers()) {
            vector = layer.apply(vector);
        }
        return SentenceLayer.normalized(vector);
    }

    /** The longest text sentence-transformers would give it, in tokens, if that is known. */
    public OptionalInt maxTokens() {
        return maxTokens;
    }

    /**
     * A new tokenizer, to be closed by the caller.
     *
     * @throws IllegalArgumentException if there is no {@code tokenizer.json}, it is broken, or it
     *     hands the model what the model cannot take
     */
    public TextTokenizer openTokenizer() throws IOException {
        TextTokenizer tokenizer = TextTokenizer.open(path.resolve(TextTokenizer.FILE));
        if (tokenizer.handsSegments() && config().embedsSegmentsAsTokens()) {
            tokenizer.close();
            throw new IllegalArgumentException(
                    "Model "
                            + path
                            + ": model_input_names of its tokenizer (with token_type_ids) must be"
                            + " without it, as "
                            + config().modelType()
                            + " adds to each token the embedding of the token of that number."
                            + " Maybe set model_input_names in tokenizer_config.json to"
                            + " [\"input_ids\", \"attention_mask\"].");
        }
        return tokenizer;
    }

    /**
     * SHA-256 over names, types, shapes and values of all tensors, hex: the identity of the base.
     * How the tensors are spread over files does not matter. Reads everything on the first call in
     * this process.
     */
    public synchronized String hash() {
        if (hash == null) {
            try {
                hash = FileHashes.of("base", WeightFiles.list(path), () -> BaseHash.of(tensors));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return hash;
    }

    /** SHA-256 over its settings and its tokenizer, hex. */
    String settingsHash() {
        try {
            return SettingsHash.of(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
