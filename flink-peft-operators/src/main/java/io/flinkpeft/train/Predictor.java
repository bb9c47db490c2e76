package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.Hook;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BaseModels;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts with many adapters over one frozen base model.
 *
 * <p>Order of use: {@link #open}, {@link #load} for each version, {@link #classify}, {@link
 * #close}. {@link #classify} by one thread at a time, {@link #load} by any.
 */
public final class Predictor implements AutoCloseable {

    /**
     * A text to classify.
     *
     * @param adapter the adapter; null predicts with the base model's own head
     * @param text the text
     * @param textPair the second text of a pair; null if there is none
     */
    public record Request(ServingAdapter adapter, String text, String textPair) {}

    private final BaseModels.Lease lease;
    private final int maxTokens;
    private final Map<ProgramKey, Kernels> kernels = new HashMap<>();
    private ServingAdapter baseAlone;

    private Predictor(BaseModels.Lease lease, int maxTokens) {
        this.lease = lease;
        this.maxTokens = maxTokens;
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
        return new Predictor(TrainingSetup.acquire(model, device, dtype), maxTokens);
    }

    /** SHA-256 of the base model's tensors, hex. */
    public String baseHash() {
        return base().hash();
    }

    /**
     * Brings a version to the device.
     *
     * @throws IllegalArgumentException if it is of another base, broken, or of an unknown method
     */
    public ServingAdapter load(AdapterVersion version) {
        if (!version.baseHash().equals(baseHash())) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + version.name()
                            + " was trained on base "
                            + version.baseHash()
                            + ", must be on "
                            + baseHash()
                            + " of "
                            + base().directory().path()
                            + ".");
        }
        String sha256 = Versions.sha256(version.payload());
        if (!sha256.equals(version.sha256())) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + version.name()
                            + " has a payload with SHA-256 "
                            + sha256
                            + ", must have "
                            + version.sha256()
                            + ".");
        }
        return load(version.adapterId(), version.step(), ServingForm.fromBytes(version.payload()));
    }

    /**
     * Brings a PEFT directory to the device.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base
     */
    public ServingAdapter load(String adapterId, Path peftDirectory) {
        return load(adapterId, AdapterDirectory.read(peftDirectory));
    }

    /**
     * Brings a PEFT directory that was read to the device.
     *
     * @param adapterId the id it serves under; its step is 0
     * @throws IllegalArgumentException if it cannot be used with this base
     */
    public ServingAdapter load(String adapterId, AdapterDirectory directory) {
        ServingForm form = directory.servingForm(base());
        if (form.labels().isEmpty()) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + adapterId
                            + " has no head, it must have "
                            + AdapterDirectory.HEAD
                            + " to classify. Maybe train one.");
        }
        return load(adapterId, 0, form);
    }

    private ServingAdapter load(String adapterId, long step, ServingForm form) {
        Head head = Head.of(form.kind(), base(), form.labels());
        Attachment attachment = head.attachServing(form.config(), base());
        Bank bank = Bank.of(attachment, head.task(), form.labels().size());
        float[] row = form.row(bank, base().modulePrefix());
        form.config().complete(attachment, base(), row);
        return new ServingAdapter(adapterId, step, form.kind(), form.labels(), bank, tensor(row));
    }

    private NDArray tensor(float[] values) {
        NDManager manager = base().manager();
        try (NDArray window = manager.create(values, new Shape(values.length))) {
            return window.duplicate();
        }
    }

    /** Predicts texts of any mix of adapters together; one result a request, in order. */
    public List<Classification> classify(List<Request> requests) {
        Map<ServingAdapter, List<Integer>> byAdapter = new IdentityHashMap<>();
        Map<Group, List<ServingAdapter>> groups = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            ServingAdapter adapter = adapterOf(requests.get(i));
            if (!byAdapter.containsKey(adapter)) {
                byAdapter.put(adapter, new ArrayList<>());
                groups.computeIfAbsent(Group.of(adapter), key -> new ArrayList<>()).add(adapter);
            }
            byAdapter.get(adapter).add(i);
        }
        Classification[] results = new Classification[requests.size()];
        groups.forEach(
                (group, adapters) -> classify(group, adapters, byAdapter, requests, results));
        return Arrays.asList(results);
    }

    /** What adapters must share to go through the kernel together. */
    private record Group(HeadKind head, String layout, ServingAdapter alone) {
        static Group of(ServingAdapter adapter) {
            Attachment attachment = adapter.bank().attachment();
            return new Group(
                    adapter.head(),
                    adapter.bank().layout() + attachment.signature(),
                    attachment.alone() ? adapter : null);
        }
    }

    /** What adapters must share to have the same program. */
    private record ProgramKey(HeadKind head, Map<Hook, String> kernels) {}

    private void classify(
            Group group,
            List<ServingAdapter> adapters,
            Map<ServingAdapter, List<Integer>> byAdapter,
            List<Request> requests,
            Classification[] results) {
        Bank bank = adapters.get(0).bank();
        PackedBatch batch = bank.newBatch();
        for (ServingAdapter adapter : adapters) {
            batch.add(
                    byAdapter.get(adapter).stream()
                            .map(requests::get)
                            .map(request -> encode(request, bank.attachment()))
                            .toList());
        }
        List<float[][]> logits =
                kernels.computeIfAbsent(
                                new ProgramKey(group.head(), bank.attachment().kernels()),
                                key -> new Kernels(base(), bank.head(), bank.attachment()))
                        .predict(
                                bank,
                                adapters.stream().map(ServingAdapter::row).toList(),
                                batch,
                                adapters.stream().mapToLong(a -> a.labels().size()).toArray());
        for (int a = 0; a < adapters.size(); a++) {
            List<Integer> indices = byAdapter.get(adapters.get(a));
            for (int i = 0; i < indices.size(); i++) {
                results[indices.get(i)] =
                        classification(adapters.get(a).labels(), logits.get(a)[i]);
            }
        }
    }

    private Tokens encode(Request request, Attachment attachment) {
        int room = base().directory().config().maxPositions() - attachment.virtualTokens();
        int limit = Math.min(maxTokens, room);
        return base().tokenizer().encode(request.text(), request.textPair(), limit);
    }

    private static Classification classification(List<String> labels, float[] logits) {
        int best = Softmax.argmax(logits);
        if (best < 0) {
            return new Classification(null, 0, labels, logits);
        }
        double score = Math.exp(Softmax.logProbability(logits, best));
        return new Classification(labels.get(best), score, labels, logits);
    }

    private ServingAdapter adapterOf(Request request) {
        return request.adapter() != null ? request.adapter() : baseAlone();
    }

    /** The base with its own head and no adapter: a row that is only the head. */
    private ServingAdapter baseAlone() {
        if (baseAlone == null) {
            Head head = Head.ofModel(HeadKind.MODEL, base());
            Attachment none = Attachment.none(base().sites(head.task().pooler()).size());
            Bank bank = Bank.of(none, head.task(), head.labels().size());
            float[] row = new float[bank.layout().size()];
            head.initialise(row, bank, 0);
            baseAlone = new ServingAdapter("", 0, HeadKind.MODEL, head.labels(), bank, tensor(row));
        }
        return baseAlone;
    }

    private BaseModel base() {
        return lease.model();
    }

    /** Frees what this predictor holds; the base model stays loaded for others. */
    @Override
    public void close() {
        if (baseAlone != null) {
            baseAlone.close();
        }
        lease.close();
    }
}
