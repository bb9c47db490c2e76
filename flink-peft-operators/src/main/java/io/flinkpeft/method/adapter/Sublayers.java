package io.flinkpeft.method.adapter;

import io.flinkpeft.method.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sublayers of a base model, in the order in which its kernel numbers them, by the modules in
 * which AdapterHub keeps what stands there.
 *
 * @param all in order
 * @param root what stands before the names of all modules; usually nothing
 */
record Sublayers(List<Sublayer> all, String root) {

    private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.");
    private static final Pattern INSIDE = Pattern.compile("(encoder|decoder|h|layers)\\..*");

    /** What a sublayer does. */
    enum Kind {
        ATTENTION,
        CROSS_ATTENTION,
        FEED_FORWARD
    }

    /**
     * A sublayer.
     *
     * @param module AdapterHub's, such as {@code encoder.layer.0.output}
     * @param layer its layer, from 0
     * @param kind what it does
     * @param width features of its output
     */
    record Sublayer(String module, int layer, Kind kind, int width) {}

    /** How the last linear layer of a sublayer is called, and AdapterHub's module there. */
    private record Place(String linear, String module, Kind kind) {}

    /** A family of models with the same names. */
    private enum Family {
        ENCODER(
                Set.of("bert", "roberta", "xlm-roberta", "deberta-v2"),
                new Place(".attention.output.dense", ".attention.output", Kind.ATTENTION),
                new Place(".output.dense", ".output", Kind.FEED_FORWARD)),
        GPT2(
                Set.of("gpt2"),
                new Place(".attn.c_proj", ".attention_adapters", Kind.ATTENTION),
                new Place(".mlp.c_proj", ".output_adapters", Kind.FEED_FORWARD)),
        LLAMA(
                Set.of("llama", "qwen2", "qwen3"),
                new Place(".self_attn.o_proj", ".attention_adapters", Kind.ATTENTION),
                new Place(".mlp.down_proj", ".output_adapters", Kind.FEED_FORWARD)),
        T5(
                Set.of("t5", "mt5"),
                new Place(".SelfAttention.o", "", Kind.ATTENTION),
                new Place(".EncDecAttention.o", "", Kind.CROSS_ATTENTION),
                new Place(".DenseReluDense.wo", "", Kind.FEED_FORWARD)),
        BART(
                Set.of("bart"),
                new Place(".self_attn.out_proj", ".attention_adapters", Kind.ATTENTION),
                new Place(
                        ".encoder_attn.out_proj",
                        ".cross_attention_adapters",
                        Kind.CROSS_ATTENTION),
                new Place(".fc2", ".output_adapters", Kind.FEED_FORWARD));

        private final Set<String> modelTypes;
        private final List<Place> places;

        Family(Set<String> modelTypes, Place... places) {
            this.modelTypes = modelTypes;
            this.places = List.of(places);
        }

        static Family of(String modelType) {
            var known = new TreeSet<String>();
            for (Family family : values()) {
                if (family.modelTypes.contains(modelType)) {
                    return family;
                }
                known.addAll(family.modelTypes);
            }
            throw new IllegalArgumentException(
                    "model_type ("
                            + modelType
                            + ") must be one of "
                            + known
                            + " for bottleneck adapters.");
        }
    }

    /**
     * The sublayers of a model.
     *
     * @throws IllegalArgumentException if the family is not known
     */
    static Sublayers of(List<Site> sites, String modelType) {
        Family family = Family.of(modelType);
        var all = new ArrayList<Sublayer>();
        for (Site site : sites) {
            family.places.stream()
                    .filter(place -> site.module().endsWith(place.linear))
                    .findFirst()
                    .ifPresent(place -> all.add(sublayer(site, place)));
        }
        String first = all.isEmpty() ? "" : all.get(0).module();
        return new Sublayers(all, INSIDE.matcher(first).replaceFirst(""));
    }

    private static Sublayer sublayer(Site site, Place place) {
        String start = site.module().substring(0, site.module().length() - place.linear.length());
        Matcher layer = LAYER.matcher(start + ".");
        int number = layer.find() ? Integer.parseInt(layer.group(1)) : 0;
        return new Sublayer(start + place.module, number, place.kind, site.out());
    }

    /** Features of a token. */
    int width() {
        return all.get(0).width();
    }
}
