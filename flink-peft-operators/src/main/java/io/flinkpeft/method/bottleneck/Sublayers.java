package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TargetLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sublayers of a base model, in the order in which its kernel numbers them, by the modules in
 * which AdapterHub keeps what stands there.
 *
 * @param all in order
 * @param root what stands before the names of all modules; usually nothing
 */
public record Sublayers(List<Sublayer> all, String root) {

    private static final Pattern LAYER = Pattern.compile("\\.(\\d+)\\.");
    private static final Pattern INSIDE = Pattern.compile("(encoder|decoder|h|layers)\\..*");

    /**
     * A sublayer.
     *
     * @param module AdapterHub's, such as {@code encoder.layer.0.output}
     * @param layer its layer, from 0
     * @param kind what it does
     * @param width features of its output
     */
    public record Sublayer(String module, int layer, SublayerPlace.Kind kind, int width) {}

    /**
     * The sublayers of a model.
     *
     * @throws IllegalArgumentException if the model does not say where they end
     */
    public static Sublayers of(List<TargetLayer> sites, AttachedModel model) {
        if (model.sublayers().isEmpty()) {
            throw new IllegalArgumentException(
                    "model_type ("
                            + model.modelType()
                            + ") must say where its sublayers end, for bottleneck adapters.");
        }
        var all = new ArrayList<Sublayer>();
        for (TargetLayer site : sites) {
            model.sublayers().stream()
                    .filter(place -> site.module().endsWith(place.linear()))
                    .findFirst()
                    .ifPresent(place -> all.add(sublayer(site, place)));
        }
        String first = all.isEmpty() ? "" : all.get(0).module();
        return new Sublayers(all, INSIDE.matcher(first).replaceFirst(""));
    }

    private static Sublayer sublayer(TargetLayer site, SublayerPlace place) {
        String start = site.module().substring(0, site.module().length() - place.linear().length());
        Matcher layer = LAYER.matcher(start + ".");
        int number = layer.find() ? Integer.parseInt(layer.group(1)) : 0;
        return new Sublayer(start + place.module(), number, place.kind(), site.out());
    }

    /** Whether there are two sides, of which each has embeddings and layers of its own. */
    public boolean twoSided() {
        return all.stream()
                .anyMatch(sublayer -> sublayer.kind() == SublayerPlace.Kind.CROSS_ATTENTION);
    }

    /** Features of a token. */
    public int width() {
        return all.get(0).width();
    }
}
