package io.flinkpeft.model;

import static io.flinkpeft.model.BaseField.OfLinear.NO_SITE;

import io.flinkpeft.method.TargetLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The modules of a base in the order of their tensors, each with the field of the program's {@code
 * Base} that it is. Names are those of Hugging Face's bare model, such as {@code
 * encoder.layer.0.output.dense}.
 */
final class Modules {

    /** The name of a tensor that this model does not have: its kernel gets an empty one. */
    static final String NONE = "";

    /** The output embedding of a language model, which stands beside the bare model. */
    static final String OUTPUT = "lm_head";

    private final List<String> tensors = new ArrayList<>();
    private final List<String> embeddings = new ArrayList<>();
    private final List<TargetLayer> sites = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Set<String> linearWeights = new HashSet<>();
    private final Set<String> buffers = new HashSet<>();
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    private List<BaseField> fields = new ArrayList<>();
    private TargetLayer output;
    private int layerTensor; // where the layer that is being described starts
    private int layerSite;

    /** An embedding; the first is that of the words. */
    Modules embedding(String field, String module, int rows, int width) {
        embeddings.add(module);
        return field(new BaseField.OfTensor(field, here())).tensor(weight(module), rows, width);
    }

    /** An embedding that this model does not have. */
    Modules noEmbedding(String field) {
        return field(new BaseField.OfTensor(field, here())).none(1);
    }

    /** A norm with weight and bias. */
    Modules layerNorm(String field, String module, int width) {
        field(new BaseField.OfNorm(field, here(), true));
        return tensor(weight(module), width).tensor(bias(module), width);
    }

    /** A norm that this model does not have. */
    Modules noLayerNorm(String field) {
        return field(new BaseField.OfNorm(field, here(), true)).none(2);
    }

    /** A norm without a bias. */
    Modules rmsNorm(String field, String module, int width) {
        return field(new BaseField.OfNorm(field, here(), false)).tensor(weight(module), width);
    }

    /** A norm without a bias that this model does not have. */
    Modules noRmsNorm(String field) {
        return field(new BaseField.OfNorm(field, here(), false)).none(1);
    }

    private Modules tensor(String name, long... shape) {
        shapes.put(name, Arrays.stream(shape).boxed().toList());
        tensors.add(name);
        return this;
    }

    private Modules field(BaseField field) {
        fields.add(field);
        return this;
    }

    /** The place of the next tensor, counted from the layer's first. */
    private int here() {
        return tensors.size() - layerTensor;
    }

    /** A linear layer, whose weight is {@code [out, in]}. */
    Modules linear(String field, String module, int in, int out, boolean bias) {
        return linear(field, new TargetLayer(module, in, out), bias);
    }

    /** A linear layer, a site of adapters. */
    Modules linear(String field, TargetLayer site, boolean bias) {
        linearWeights.add(weight(site.module()));
        return attached(field, site, bias);
    }

    /** A linear layer that this model does not have. */
    Modules noLinear(String field) {
        return field(new BaseField.OfLinear(field, here(), NO_SITE, false)).none(2);
    }

    /** A linear layer behind the model that stays in fp32; its name starts with {@code pooler}. */
    Modules pooler(String field, String module, int width) {
        return attached(field, new TargetLayer(module, width, width), true);
    }

    private Modules attached(String field, TargetLayer site, boolean bias) {
        int number = sites.size() - layerSite;
        field(new BaseField.OfLinear(field, here(), number, site.fanInFanOut()));
        sites.add(site);
        places.put(site.module(), tensors.size());
        if (site.fanInFanOut()) {
            tensor(weight(site.module()), site.in(), site.out());
        } else {
            tensor(weight(site.module()), site.out(), site.in());
        }
        return bias ? tensor(bias(site.module()), site.out()) : none(1);
    }

    /**
     * The output embedding, a linear layer without a bias and the last site wherever its tensors
     * are: the field {@code output}. Its weight is empty if it is that of the words.
     */
    Modules output(int in, int vocabulary, boolean tied) {
        output = new TargetLayer(OUTPUT, in, vocabulary);
        places.put(OUTPUT, tensors.size());
        if (tied) {
            return none(2);
        }
        linearWeights.add(weight(OUTPUT));
        return tensor(weight(OUTPUT), vocabulary, in).none(1);
    }

    /** A tensor that is never trained. */
    Modules buffer(String field, String name, long... shape) {
        return field(new BaseField.OfTensor(field, here())).buffer(name, shape);
    }

    private Modules buffer(String name, long... shape) {
        buffers.add(name);
        return tensor(name, shape);
    }

    /** A linear layer that is never trained. */
    Modules frozenLinear(String field, String module, long in, long out) {
        field(new BaseField.OfLinear(field, here(), NO_SITE, false));
        return buffer(weight(module), out, in).buffer(bias(module), out);
    }

    /** A norm that is never trained. */
    Modules frozenNorm(String field, String module, long width) {
        field(new BaseField.OfNorm(field, here(), true));
        return buffer(weight(module), width).buffer(bias(module), width);
    }

    /** Places that this model has no tensors for. */
    private Modules none(int count) {
        for (int i = 0; i < count; i++) {
            tensors.add(NONE);
        }
        return this;
    }

    /**
     * Modules that are a named tuple of their own.
     *
     * @param tuple its type, which others may have as well
     */
    Modules group(String field, String tuple, Runnable modules) {
        return field(new BaseField.Group(field, tuple, fieldsOf(modules)));
    }

    /**
     * Layers, a list of named tuples of one type.
     *
     * @param layer adds the modules of the layer of a number
     */
    Modules layers(String field, String tuple, int count, IntConsumer layer) {
        BaseField.Layers all = null;
        int tensor = tensors.size();
        int site = sites.size();
        for (int i = 0; i < count; i++) {
            int number = i;
            layerTensor = tensors.size();
            layerSite = sites.size();
            List<BaseField> own = fieldsOf(() -> layer.accept(number));
            var described =
                    new BaseField.Layers(
                            field,
                            tuple,
                            count,
                            tensor,
                            here(),
                            site,
                            sites.size() - layerSite,
                            own);
            if (all != null && !all.equals(described)) {
                throw new IllegalStateException(
                        "Layer " + i + " of " + field + " must have the modules of the first.");
            }
            all = described;
        }
        layerTensor = 0;
        layerSite = 0;
        return all == null ? this : field(all);
    }

    private List<BaseField> fieldsOf(Runnable modules) {
        List<BaseField> around = fields;
        fields = new ArrayList<>();
        modules.run();
        List<BaseField> own = List.copyOf(fields);
        fields = around;
        return own;
    }

    /** The fields of a program's {@code Base} that hold the tensors. */
    List<BaseField> fields() {
        List<BaseField> all = new ArrayList<>(fields);
        if (output != null) {
            int place = places.get(OUTPUT);
            all.add(new BaseField.OfLinear("output", place, sites.size(), false));
        }
        return all;
    }

    private static String weight(String module) {
        return module + ".weight";
    }

    private static String bias(String module) {
        return module + ".bias";
    }

    /**
     * The tensors' names; {@link #NONE} where this model has none, and the kernel gets an empty
     * tensor.
     */
    List<String> tensors() {
        return List.copyOf(tensors);
    }

    /** The dimensions of each tensor by its name. */
    Map<String, List<Long>> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    /** The embedding layers, which are no linear layers; that of the words first. */
    List<String> embeddings() {
        return List.copyOf(embeddings);
    }

    /** The linear layers that adapters attach to, as the kernel numbers them. */
    List<TargetLayer> sites() {
        return Stream.concat(sites.stream(), Stream.ofNullable(output)).toList();
    }

    /** The place of a site's weight among the tensors; its bias is behind it. */
    int place(TargetLayer site) {
        return places.get(site.module());
    }

    /** Whether a tensor is the weight of a frozen linear layer, which may be kept in bf16. */
    boolean isLinearWeight(String tensor) {
        return linearWeights.contains(tensor);
    }

    /** Whether a tensor is never trained. */
    boolean isBuffer(String tensor) {
        return buffers.contains(tensor);
    }
}
