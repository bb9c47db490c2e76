package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.engine.NativeHeap;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.task.Embedding;
import io.flinkpeft.task.Inference;
import io.flinkpeft.task.Likelihood;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Purpose;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.task.TextSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The predictor that computes. An adapter is asked what it was trained for, or as told. */
public final class ModelPredictor implements Predictor {

    private static final Logger LOG = LoggerFactory.getLogger(ModelPredictor.class);

    private final BaseModels.Lease lease;
    private final AdapterLoader loader;
    private final Requests runner;
    private final Map<Task, ServingRow> baseAlone = new HashMap<>();

    private ModelPredictor(BaseModels.Lease lease, TextSettings texts) {
        this.lease = lease;
        this.loader = new AdapterLoader(lease.model(), texts);
        this.runner = new Requests(lease.model(), texts);
    }

    /**
     * Loads the base model, or shares one that is loaded.
     *
     * @param model the base: a Hugging Face directory, or the name of one on the class path
     * @param device {@code cpu}, {@code gpu:i} or {@code auto}
     * @param dtype {@code fp32}, {@code bf16} or {@code auto}
     * @param maxTokens longer texts are truncated
     * @throws IllegalArgumentException if one of these cannot be used
     */
    public static ModelPredictor open(String model, String device, String dtype, int maxTokens) {
        return open(model, device, dtype, TextSettings.of(maxTokens));
    }

    /**
     * Loads the base model, or shares one that is loaded, with all that decides the tokens of
     * texts.
     *
     * @throws IllegalArgumentException if one of the settings cannot be used
     */
    public static ModelPredictor open(
            String model, String device, String dtype, TextSettings texts) {
        return new ModelPredictor(TrainingSetup.acquire(model, device, dtype), texts);
    }

    /** SHA-256 of the base model's tensors, hex. */
    public String baseHash() {
        return base().hash();
    }

    /** {@link AdapterDirectory#notes} with this base. */
    public List<String> notes(Path path, AdapterDirectory directory) {
        return directory.notes(path, base().directory());
    }

    /** What a user should know of the base's settings of generation; empty if nothing. */
    public Optional<String> generationNote() {
        return base().generation().note(base().directory().path());
    }

    @Override
    public ServingAdapter load(AdapterVersion version) {
        return loader.load(version);
    }

    @Override
    public ServingAdapter load(String adapterId, Path peftDirectory) {
        AdapterDirectory directory = AdapterDirectory.read(peftDirectory);
        List<String> notes = notes(peftDirectory, directory); // refuses its tokenizer
        return loader.load(adapterId, directory).with(notes);
    }

    /**
     * Brings a PEFT directory that was read to the device.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base
     */
    public ServingAdapter load(String adapterId, AdapterDirectory directory) {
        return loader.load(adapterId, directory);
    }

    /**
     * Brings a PEFT directory to the device for a purpose; only a vector needs no head.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base, has a tokenizer that
     *     makes other tokens, or cannot serve
     */
    public ServingAdapter load(String adapterId, Path peftDirectory, Purpose purpose) {
        AdapterDirectory directory = AdapterDirectory.read(peftDirectory);
        List<String> notes = notes(peftDirectory, directory); // refuses its tokenizer
        ServingRow adapter =
                purpose.verb().equals(Embedding.VERB)
                        ? loader.loadEncoder(adapterId, directory)
                        : loader.load(adapterId, directory);
        return adapter.with(notes);
    }

    /**
     * The same adapter in the same memory, asked for a purpose. Close one of both.
     *
     * @param use what its predictions are used for, such as {@code served in SQL}
     * @throws IllegalArgumentException if it was trained for something else, or the head of its
     *     base is for something else
     */
    public ServingAdapter asking(Purpose purpose, ServingAdapter adapter, String use) {
        var own = (ServingRow) adapter;
        Inference asked =
                purpose.of(own.task())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "Adapter "
                                                        + own.adapterId()
                                                        + "@"
                                                        + own.step()
                                                        + " was trained for another task ("
                                                        + own.task().name()
                                                        + "), must serve for task ("
                                                        + purpose.verb()
                                                        + ")."));
        if (purpose.inference().isPresent()) {
            return asked.decoding().isPresent()
                    ? own.asking(asked, base()).with(withGenerationNote(own.notes()))
                    : own.asking(asked, base());
        }
        own.task().check(base().directory(), use);
        return own;
    }

    private List<String> withGenerationNote(List<String> notes) {
        return Stream.concat(notes.stream(), generationNote().stream()).toList();
    }

    /**
     * Refuses a base that cannot serve for a purpose, whatever its adapters are.
     *
     * @throws IllegalArgumentException with the reason
     */
    public void check(Purpose purpose) {
        purpose.inference().ifPresent(asked -> asked.on(base()));
    }

    /**
     * The same adapter merged: the weights of its layers with its change in them stand for the
     * base's, so that it costs no more than the base alone. Texts of merged adapters go through the
     * model one adapter at a time. The base stays as it is, so switching between adapters, or back,
     * leaves no trace; what is not used any more is closed.
     *
     * @param adapter of this predictor; stays as it is
     * @return an adapter of the size of the layers that it changes
     * @throws IllegalArgumentException if it changes more than linear layers
     */
    public ServingAdapter merge(ServingAdapter adapter) {
        return runner.merge((ServingRow) adapter);
    }

    /** Asked what its checkpoint is for. */
    @Override
    public ServingAdapter alone() {
        return alone(Tasks.of(TaskType.UNSPECIFIED, base().directory()));
    }

    /**
     * The base without an adapter, asked by its own head; it is closed with this predictor.
     *
     * @throws IllegalArgumentException if the base has no such head
     */
    public ServingAdapter alone(Task task) {
        return baseAlone.computeIfAbsent(task, loader::withoutAdapter);
    }

    /**
     * The base without an adapter, for a purpose; it is closed with this predictor.
     *
     * @param use what its predictions are used for, such as {@code served in SQL}
     * @throws IllegalArgumentException if the base has no head for it, or one for something else
     */
    public ServingAdapter alone(Purpose purpose, String use) {
        Task task = purpose.alone(base().directory());
        if (purpose.inference().isEmpty()) {
            task.check(base().directory(), use);
        }
        return asking(purpose, alone(task), use);
    }

    @Override
    public List<Prediction> predict(List<Request<ServingAdapter>> requests) {
        return runner.predict(requests.stream().map(r -> r.to((ServingRow) r.adapter())).toList());
    }

    @Override
    public void check(Throwable failure) {
        if (NativeMemory.isLacking(failure)
                || failure instanceof CancellationException
                || Thread.currentThread().isInterrupted()
                || !works()) {
            throw failure instanceof RuntimeException thrown
                    ? thrown
                    : new IllegalStateException(failure);
        }
    }

    /** Whether the base alone, without any head of its own, still computes finite numbers. */
    private boolean works() {
        try {
            String verb = base().hasVocabulary() ? Likelihood.VERB : Embedding.VERB;
            ServingAdapter own = alone(Purpose.of(verb), "tried");
            return predict(List.of(new Request<>(own, "text", null, "text"))).get(0).isFinite();
        } catch (RuntimeException e) {
            LOG.warn("The base model alone does not work any more.", e);
            return false;
        }
    }

    private BaseModel base() {
        return lease.model();
    }

    @Override
    public void close() {
        baseAlone.values().forEach(ServingAdapter::close);
        lease.close();
        NativeHeap.trim();
    }
}
