package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.FrozenTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Frozen adapters on a base model: where their tensors stand behind the base's, as the kernels of
 * {@code bottleneck_parts.py} read it.
 *
 * @param tensors of each adapter
 * @param places for each adapter its place at each sublayer
 * @param numbers of each adapter: scaling, nonlinearity, placement
 * @param coupling the first adapter's invertible one: 2, its place, its nonlinearity; or zeros
 */
public record FrozenStages(
        List<FrozenTensors> tensors, List<long[]> places, double[] numbers, double[] coupling) {

    private static final int IN_BASE = 2;

    public static FrozenStages of(
            List<FrozenAdapter> adapters, Sublayers sublayers, AttachedModel model) {
        var tensors = new ArrayList<FrozenTensors>();
        var places = new ArrayList<long[]>();
        double[] numbers = {};
        double[] coupling = new double[3];
        long start = model.tensors().size();
        for (FrozenAdapter adapter : adapters) {
            BottleneckConfig config = adapter.config();
            BottleneckLayout layout = BottleneckLayout.of(config, sublayers);
            long from = start;
            places.add(LongStream.of(layout.places()).map(p -> p < 0 ? p : from + p).toArray());
            numbers = DoubleStream.concat(DoubleStream.of(numbers), config.numbers()).toArray();
            if (tensors.isEmpty() && layout.coupling() >= 0) {
                coupling =
                        new double[] {
                            IN_BASE, from + layout.coupling(), config.nonLinearity().ordinal()
                        };
            }
            tensors.add(new FrozenTensors(adapter.file(), adapter.sha256(), layout.tensors()));
            start += layout.tensors().slots().size();
        }
        return new FrozenStages(tensors, places, numbers, coupling);
    }

    /** The slots of a method: its own kinds, then the adapters'. */
    public long[] slots(long[]... own) {
        return LongStream.concat(
                        List.of(own).stream().flatMapToLong(LongStream::of),
                        places.stream().flatMapToLong(LongStream::of))
                .toArray();
    }

    /** The numbers of a method: how many adapters, the coupling, three of its own, theirs. */
    public double[] numbers(double[] coupling, DoubleStream own) {
        return DoubleStream.concat(
                        DoubleStream.concat(
                                DoubleStream.of(tensors.size()), DoubleStream.of(coupling)),
                        DoubleStream.concat(own, DoubleStream.of(numbers)))
                .toArray();
    }

    /** Whether the first of them is invertible. */
    public boolean coupled() {
        return coupling[0] != 0;
    }
}
