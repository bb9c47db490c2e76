package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.model.PackedBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What batches must share to go through the kernel in one call: a method, room for labels, and
 * whether they are trained on. Nothing that one of them holds reaches another's result.
 *
 * @param setup of the method
 * @param trains whether they are trained on, or predicted only
 * @param capacity for how many labels there is room
 * @param alone tells apart batches that must not share a call; -1 for those that may
 */
record JointStep(TrainingSetup setup, boolean trains, int capacity, int alone) {

    /** The step of a batch that is the {@code index}th. */
    static JointStep of(PreparedBatch batch, int index) {
        TrainingSetup setup = batch.adapter().setup();
        int needed = setup.rowLayout(batch.labels().size()).capacity();
        return new JointStep(
                setup,
                batch.trains(),
                Math.max(batch.adapter().rowLayout().capacity(), needed),
                setup.alone() ? index : -1);
    }

    /** One outcome a batch, in order. */
    List<BatchOutcome> run(List<PreparedBatch> batches) {
        List<AdapterTensors> grown = new ArrayList<>();
        try {
            return trains ? train(batches, grown) : predict(batches, grown);
        } finally {
            grown.forEach(AdapterTensors::close);
        }
    }

    private List<BatchOutcome> train(List<PreparedBatch> batches, List<AdapterTensors> grown) {
        RowLayout rowLayout = setup.layoutOfCapacity(capacity);
        List<Kernels.Part> parts = new ArrayList<>();
        PackedBatch packed = rowLayout.newBatch(setup.base());
        for (PreparedBatch batch : batches) {
            batch.packInto(packed);
            parts.add(
                    new Kernels.Part(
                            inLayout(batch.adapter(), rowLayout, grown),
                            batch.adapter().step() + 1 - batch.settings().firstStep(),
                            setup.rates(batch.settings(), rowLayout),
                            batch.labels().size(),
                            batch.targets(),
                            batch.weights(),
                            setup.stepSeed(batch.adapter())));
        }
        List<Kernels.Stepped> stepped =
                setup.kernels().step(rowLayout, parts, packed, setup.config().optimizer());
        List<BatchOutcome> outcomes = new ArrayList<>();
        try {
            for (int i = 0; i < stepped.size(); i++) {
                outcomes.add(outcome(batches.get(i), stepped.get(i), rowLayout));
            }
        } catch (Throwable e) {
            stepped.forEach(each -> each.tensors().close());
            throw e;
        }
        return outcomes;
    }

    private BatchOutcome outcome(
            PreparedBatch batch, Kernels.Stepped stepped, RowLayout rowLayout) {
        float loss = stepped.loss();
        float norm = stepped.gradientNorm();
        if (!Float.isFinite(loss) || !Float.isFinite(norm)) {
            stepped.tensors().close();
            return batch.refused(loss, norm);
        }
        if (!stepped.finite()) {
            stepped.tensors().close();
            return batch.refused();
        }
        List<PrequentialResult> results = batch.results(stepped.outputs());
        DeviceAdapter after =
                new DeviceAdapter(setup, batch.progress(results), rowLayout, stepped.tensors());
        return batch.trained(after, loss, results);
    }

    private List<BatchOutcome> predict(List<PreparedBatch> batches, List<AdapterTensors> grown) {
        RowLayout rowLayout = setup.layoutOfCapacity(capacity);
        List<PreparedBatch> usable = batches.stream().filter(b -> !b.empty()).toList();
        List<float[][]> outputs = new ArrayList<>();
        if (!usable.isEmpty()) {
            PackedBatch packed = rowLayout.newBatch(setup.base());
            List<Kernels.PredictionPart> predicting = new ArrayList<>();
            for (PreparedBatch batch : usable) {
                batch.packInto(packed);
                NDArray row = inLayout(batch.adapter(), rowLayout, grown).row();
                predicting.add(batch.predicting(row));
            }
            outputs = setup.kernels().predict(rowLayout, predicting, packed);
        }
        List<BatchOutcome> outcomes = new ArrayList<>();
        for (PreparedBatch batch : batches) {
            int i = usable.indexOf(batch);
            outcomes.add(batch.predicted(i < 0 ? List.of() : batch.results(outputs.get(i))));
        }
        return outcomes;
    }

    /** The adapter's tensors, moved to a larger head if the batch brings labels that need it. */
    private AdapterTensors inLayout(
            DeviceAdapter adapter, RowLayout rowLayout, List<AdapterTensors> grown) {
        RowLayout own = adapter.rowLayout();
        if (own.capacity() == rowLayout.capacity()) {
            return adapter.tensors();
        }
        AdapterState state = adapter.snapshot();
        AdapterTensors larger =
                setup.tensors(
                        own.grow(state.row(), rowLayout),
                        own.grow(state.firstMoment(), rowLayout),
                        own.grow(state.secondMoment(), rowLayout));
        grown.add(larger);
        return larger;
    }
}
