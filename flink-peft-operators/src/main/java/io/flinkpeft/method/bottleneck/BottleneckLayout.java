package io.flinkpeft.method.bottleneck;

import io.flinkpeft.adapter.TensorLayout;
import java.util.Arrays;

/**
 * The tensors of one bottleneck adapter on a base model, by AdapterHub's names.
 *
 * @param tensors four of each bottleneck, in the order of the sublayers; then eight of an
 *     invertible adapter
 * @param places for each sublayer the place of its first tensor, or -1
 * @param coupling the place of the invertible adapter's first tensor, or -1
 */
record BottleneckLayout(TensorLayout tensors, long[] places, long coupling) {

    private static final long NONE = -1;

    static BottleneckLayout of(BottleneckConfig config, Sublayers sublayers) {
        checkSides(config, sublayers);
        var layout = new TensorLayout.Builder();
        long[] places = new long[sublayers.all().size()];
        Arrays.fill(places, NONE);
        int place = 0;
        for (int i = 0; i < places.length; i++) {
            Sublayers.Sublayer sublayer = sublayers.all().get(i);
            if (config.stands(sublayer)) {
                places[i] = place;
                place += addBottleneck(layout, config, sublayer);
            }
        }
        if (config.invertibleReduction() == 0) {
            return new BottleneckLayout(layout.build(), places, NONE);
        }
        addCoupling(layout, config, sublayers);
        return new BottleneckLayout(layout.build(), places, place);
    }

    private static void checkSides(BottleneckConfig config, Sublayers sublayers) {
        if (!sublayers.twoSided()) {
            return;
        }
        if (config.invertibleReduction() > 0 || !config.leaveOut().isEmpty()) {
            throw new IllegalArgumentException(
                    "inv_adapter and leave_out ("
                            + config.leaveOut()
                            + ") must be off on an encoder-decoder: they are not supported there.");
        }
    }

    private static int addBottleneck(
            TensorLayout.Builder layout, BottleneckConfig config, Sublayers.Sublayer sublayer) {
        String adapter = sublayer.module() + ".adapters." + config.name() + ".";
        int d = sublayer.width();
        int m = Math.max(1, d / config.reduction());
        addLinear(layout, adapter + "adapter_down.0", d, m);
        addLinear(layout, adapter + "adapter_up", m, d);
        return 4;
    }

    /** F from the second half of a token's features to the first, and G back. */
    private static void addCoupling(
            TensorLayout.Builder layout, BottleneckConfig config, Sublayers sublayers) {
        String adapter = sublayers.root() + "invertible_adapters." + config.name() + ".";
        int first = sublayers.width() / 2;
        int second = sublayers.width() - first;
        addSubnet(layout, adapter + "F", second, first, config.invertibleReduction());
        addSubnet(layout, adapter + "G", first, second, config.invertibleReduction());
    }

    private static void addSubnet(
            TensorLayout.Builder layout, String module, int in, int out, int reduction) {
        int inner = in / reduction;
        if (inner < 1) {
            throw new IllegalArgumentException(
                    "inv_adapter_reduction_factor ("
                            + reduction
                            + ") must be at most "
                            + in
                            + ", half of a token's features.");
        }
        addLinear(layout, module + ".0", in, inner);
        addLinear(layout, module + ".2", inner, out);
    }

    private static void addLinear(TensorLayout.Builder layout, String module, int in, int out) {
        layout.add(module + ".weight", out, in).add(module + ".bias", out);
    }
}
