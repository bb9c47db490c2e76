package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.engine.NativeHeap;
import io.flinkpeft.event.Example;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Predicts with many adapters over one frozen base model.
 *
 * <p>Order of use: {@link #open}, {@link #load} for each version, {@link #classify}, {@link
 * #close}. {@link #classify} by one thread at a time, {@link #load} by any.
 */
public final class Predictor implements AutoCloseable {

    /**
     * A text to predict.
     *
     * @param adapter the adapter; null predicts with the base model as it is
     * @param text the text
     * @param textPair the second text of a pair; null if there is none
     * @param target what continues the text, for language models; null if there is none
     */
    public record Request(ServingAdapter adapter, String text, String textPair, String target) {

        /** The same text to another adapter. */
        Request to(ServingAdapter other) {
            return new Request(other, text, textPair, target);
        }

        /** A text to classify. */
        public Request(ServingAdapter adapter, String text, String textPair) {
            this(adapter, text, textPair, null);
        }

        Example example() {
            return new Example("", text, textPair, null, target, 0, null, -1, -1);
        }
    }

    private final BaseModels.Lease lease;
    private final AdapterLoader loader;
    private final Requests asked;
    private final Embedder embedder;
    private final Map<HeadKind, ServingAdapter> baseAlone = new EnumMap<>(HeadKind.class);

    private Predictor(BaseModels.Lease lease, TextSettings texts) {
        this.lease = lease;
        this.loader = new AdapterLoader(lease.model(), texts);
        this.asked = new Requests(lease.model(), texts);
        this.embedder = new Embedder(lease.model(), texts);
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
    public static Predictor open(String model, String device, String dtype, int maxTokens) {
        return open(model, device, dtype, TextSettings.of(maxTokens));
    }

    /**
     * The same with all that decides the tokens of texts.
     *
     * @throws IllegalArgumentException if one of these cannot be used
     */
    public static Predictor open(String model, String device, String dtype, TextSettings texts) {
        return new Predictor(TrainingSetup.acquire(model, device, dtype), texts);
    }

    /**
     * Refuses an adapter that trained the checkpoint's own head, where that gives numbers or
     * several labels; null is the base alone.
     *
     * @param use what its predictions must not be used for, such as {@code served in SQL}
     * @throws IllegalArgumentException if its scores are not those of labels that exclude each
     *     other
     */
    public void requireSingleLabel(ServingAdapter adapter, String use) {
        if (adapter == null || adapter.head() == HeadKind.MODEL) {
            base().directory().requireSingleLabel(use);
        }
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

    /**
     * Brings a version to the device.
     *
     * @throws IllegalArgumentException if it is of another base, broken, or of an unknown method
     */
    public ServingAdapter load(AdapterVersion version) {
        return loader.load(version);
    }

    /**
     * Brings a PEFT directory to the device.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base, or has a tokenizer that
     *     makes other tokens
     */
    public ServingAdapter load(String adapterId, Path peftDirectory) {
        AdapterDirectory directory = AdapterDirectory.read(peftDirectory);
        notes(peftDirectory, directory); // refuses its tokenizer
        return load(adapterId, directory);
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
     * Brings a PEFT directory that was read to the device, for {@link #embed}: it needs no head.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base
     */
    public ServingAdapter loadEncoder(String adapterId, AdapterDirectory directory) {
        return loader.loadEncoder(adapterId, directory);
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
        return asked.merge(adapter);
    }

    /** Predicts texts of any mix of adapters together; one result a request, in order. */
    public List<Classification> classify(List<Request> requests) {
        List<ServingAdapter> adapters = adapters(requests, HeadKind.MODEL);
        List<Requests.Answered> answered = asked.outputs(requests, adapters);
        List<Classification> results = new ArrayList<>();
        for (int i = 0; i < answered.size(); i++) {
            float[][] outputs = answered.get(i).outputs();
            float[] logits = outputs.length == 0 ? new float[0] : outputs[0];
            List<String> labels = adapters.get(i).labels();
            Scoring scoring = scoring(adapters.get(i).head(), labels.size());
            boolean cut = answered.get(i).question().truncated();
            results.add(Classification.of(labels, logits, scoring, cut));
        }
        return results;
    }

    /**
     * Predicts a label for each word of texts; words stand between white space.
     *
     * @param requests of any mix of adapters
     * @return one a request, in order
     */
    public List<Tagging> tag(List<Request> requests) {
        List<ServingAdapter> adapters = adapters(requests, HeadKind.TOKENS);
        List<Requests.Answered> answered = asked.outputs(requests, adapters);
        List<Tagging> results = new ArrayList<>();
        for (int i = 0; i < answered.size(); i++) {
            List<String> labels = adapters.get(i).labels();
            Question question = answered.get(i).question();
            boolean cut = question.truncated();
            List<Classification> words =
                    Arrays.stream(answered.get(i).outputs())
                            .map(word -> Classification.of(labels, word, Scoring.SOFTMAX, cut))
                            .toList();
            results.add(new Tagging(words, question.skipped(), cut));
        }
        return results;
    }

    /**
     * Answers questions by a part of a text: the question is a request's text, what it is asked of
     * its second text.
     *
     * @param requests of any mix of adapters
     * @return one a request, in order
     */
    public List<SpanAnswer> answer(List<Request> requests) {
        List<ServingAdapter> adapters = adapters(requests, HeadKind.SPANS);
        return asked.outputs(requests, adapters).stream()
                .map(a -> SpanAnswer.best(a.question().passage(), a.outputs()))
                .toList();
    }

    /**
     * How unlikely a language model finds the tokens of texts, or of their targets if they have
     * one.
     *
     * @param requests of any mix of adapters
     * @return one a request, in order
     */
    public List<Likelihood> likelihoods(List<Request> requests) {
        List<ServingAdapter> adapters = adapters(requests, languageModel());
        List<Requests.Answered> answered = asked.outputs(requests, adapters);
        List<Likelihood> results = new ArrayList<>();
        for (int i = 0; i < answered.size(); i++) {
            Requests.Answered a = answered.get(i);
            Task task = adapters.get(i).asked();
            double loss = task.answer(a.question(), a.outputs(), List.of()).loss();
            results.add(new Likelihood(loss, a.outputs().length, a.question().truncated()));
        }
        return results;
    }

    /** The losses of {@link #likelihoods}. */
    public double[] losses(List<Request> requests) {
        return likelihoods(requests).stream().mapToDouble(Likelihood::loss).toArray();
    }

    /**
     * Continues texts with a language model.
     *
     * @param requests of any mix of adapters
     * @return one a request, in order, each as it were alone
     */
    public List<Generation> generate(List<Request> requests, Decoding decoding) {
        return asked.generate(requests, adapters(requests, languageModel()), decoding);
    }

    private HeadKind languageModel() {
        return base().encodesAndDecodes() ? HeadKind.SEQ_2_SEQ_LM : HeadKind.CAUSAL_LM;
    }

    /**
     * Refuses a base whose vectors sentence-transformers makes in a way that is not known here.
     *
     * @throws IllegalArgumentException with the reason
     */
    public void checkEmbeds() {
        base().directory().embeddingPrompt();
    }

    /**
     * Makes a vector of each text: pooled as the base was trained for, under its adapter, of length
     * 1. Heads are not used.
     *
     * @param requests of any mix of adapters that classify
     * @return one a request, in order
     */
    public List<Embedding> embed(List<Request> requests) {
        return embedder.embed(requests, adapters(requests, HeadKind.STREAM));
    }

    /** Whether the base alone, without any head of its own, still computes finite numbers. */
    public boolean works() {
        if (base().hasVocabulary()) {
            var request = new Request(null, "text", null, "text");
            return Double.isFinite(losses(List.of(request))[0]);
        }
        return embed(List.of(new Request(null, "text", null))).get(0).isFinite();
    }

    /** The adapter of each request; all must be of tasks like this one. */
    private List<ServingAdapter> adapters(List<Request> requests, HeadKind kind) {
        List<ServingAdapter> adapters = new ArrayList<>();
        for (Request request : requests) {
            ServingAdapter adapter =
                    request.adapter() != null
                            ? request.adapter()
                            : baseAlone.computeIfAbsent(kind, loader::withoutAdapter);
            if (!adapter.head().answersLike(kind)) {
                throw new IllegalArgumentException(
                        "Adapter "
                                + adapter.adapterId()
                                + " has head ("
                                + adapter.head()
                                + "), must have one like "
                                + kind
                                + ".");
            }
            adapters.add(adapter);
        }
        return adapters;
    }

    /** The problem type is that of the checkpoint's own head. */
    private Scoring scoring(HeadKind head, int outputs) {
        return head == HeadKind.MODEL
                ? Scoring.of(base().directory().problemType(), outputs)
                : Scoring.SOFTMAX;
    }

    /**
     * The base without an adapter, asked by a cloze; to be closed.
     *
     * @throws IllegalArgumentException if the base cannot answer it
     */
    public ServingAdapter load(Cloze cloze) {
        return loader.load(cloze);
    }

    private BaseModel base() {
        return lease.model();
    }

    /** Frees what this predictor holds; the base model stays loaded for others. */
    @Override
    public void close() {
        baseAlone.values().forEach(ServingAdapter::close);
        lease.close();
        NativeHeap.trim();
    }
}
