package io.flinkpeft.model;

import io.flinkpeft.method.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The modules of a base in the order in which its kernel reads their tensors. Names are those of
 * Hugging Face's bare model, such as {@code encoder.layer.0.output.dense}.
 */
final class Modules {

    /** The name of a tensor that this model does not have: its kernel gets an empty one. */
    static final String NONE = "";

    /** The output embedding of a language model, which stands beside the bare model. */
    static final String OUTPUT = "lm_head";

    private final List<String> tensors = new ArrayList<>();
    private final List<String> embeddings = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Set<String> linearWeights = new HashSet<>();
    private final Set<String> buffers = new HashSet<>();
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    private Site output;

    /** An embedding; the first is that of the words. */
    Modules embedding(String module, int rows, int width) {
        embeddings.add(module);
        return tensor(weight(module), rows, width);
    }

    /** A norm with weight and bias. */
    Modules layerNorm(String module, int width) {
        return tensor(weight(module), width).tensor(bias(module), width);
    }

    /** A norm without a bias. */
    Modules rmsNorm(String module, int width) {
        return tensor(weight(module), width);
    }

    private Modules tensor(String name, long... shape) {
        shapes.put(name, Arrays.stream(shape).boxed().toList());
        tensors.add(name);
        return this;
    }

    /** A linear layer, whose weight is {@code [out, in]}. */
    Modules linear(String module, int in, int out, boolean bias) {
        return linear(new Site(module, in, out), bias);
    }

    /** A linear layer, a site of adapters. */
    Modules linear(Site site, boolean bias) {
        linearWeights.add(weight(site.module()));
        return attached(site, bias);
    }

    /** A linear layer behind the model that stays in fp32; its name starts with {@code pooler}. */
    Modules pooler(String module, int width) {
        return attached(new Site(module, width, width), true);
    }

    private Modules attached(Site site, boolean bias) {
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
     * are; its weight is empty if it is that of the words.
     */
    Modules output(int in, int vocabulary, boolean tied) {
        output = new Site(OUTPUT, in, vocabulary);
        places.put(OUTPUT, tensors.size());
        if (tied) {
            return none(2);
        }
        linearWeights.add(weight(OUTPUT));
        return tensor(weight(OUTPUT), vocabulary, in).none(1);
    }

    /** A tensor that is never trained. */
    Modules buffer(String name, long... shape) {
        buffers.add(name);
        return tensor(name, shape);
    }

    /** Places of the kernel that this model has no tensors for. */
    Modules none(int count) {
        for (int i = 0; i < count; i++) {
            tensors.add(NONE);
        }
        return this;
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
    List<Site> sites() {
        return Stream.concat(sites.stream(), Stream.ofNullable(output)).toList();
    }

    /** The place of a site's weight among the tensors; its bias is behind it. */
    int place(Site site) {
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
