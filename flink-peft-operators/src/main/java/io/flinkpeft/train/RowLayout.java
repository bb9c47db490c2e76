package io.flinkpeft.train;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.HeadTensor;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How a row is laid out: the tensors of an attached method, then those of a head of some size.
 * Adapters whose rows have one layout take part in one step.
 *
 * @param attached the method
 * @param head of the task
 * @param capacity how many labels the head has room for
 * @param tensors of a row, by name, shape and offset
 */
record RowLayout(AttachedMethod attached, ModelHead head, int capacity, TensorLayout tensors) {

    static RowLayout of(AttachedMethod attached, ModelHead head, int capacity) {
        var builder = new TensorLayout.Builder();
        for (TensorLayout.Slot slot : attached.tensors().slots()) {
            builder.add(slot.name(), slot.shape().toArray(Integer[]::new));
        }
        for (HeadTensor tensor : head.tensors()) {
            builder.add(tensor.name(), tensor.shape(capacity).toArray(Integer[]::new));
        }
        return new RowLayout(attached, head, capacity, builder.build());
    }

    /** A batch for adapters with this layout, still empty. */
    PackedBatch newBatch(BaseModel base) {
        return new PackedBatch(
                attached.promptTokens(),
                attached.prefixTokens(),
                attached.firstToken(),
                base.withoutPosition());
    }

    /** The sizes of the optimizer's groups: the method's, then the head. */
    long[] groups() {
        LongStream method = attached.groups().stream().mapToLong(AttachedMethod.Group::size);
        return LongStream.concat(method, LongStream.of(headSize())).toArray();
    }

    /** The learning rate of each group. */
    double[] rates(OptimizerConfig optimizer) {
        List<Double> rates = new ArrayList<>();
        for (AttachedMethod.Group group : attached.groups()) {
            rates.add(optimizer.learningRate() * group.rateFactor());
        }
        rates.add(optimizer.headLearningRate());
        return rates.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The weight decay of each group. */
    double[] decays(OptimizerConfig optimizer) {
        List<Double> decays = new ArrayList<>();
        for (AttachedMethod.Group group : attached.groups()) {
            decays.add(optimizer.weightDecay() * group.decayFactor());
        }
        decays.add(optimizer.weightDecay());
        return decays.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The place of the head's first tensor among a row's. */
    long headPlace() {
        return attached.tensors().slots().size();
    }

    private int headSize() {
        return tensors.size() - headOffset();
    }

    /** The tensor of the head at a place of the layout; empty if it is the method's. */
    Optional<HeadTensor> headTensor(TensorLayout.Slot slot) {
        return head.tensors().stream().filter(t -> t.name().equals(slot.name())).findFirst();
    }

    /** Where the head starts in a row. */
    int headOffset() {
        return attached.tensors().size();
    }

    /**
     * A row of this layout moved to one with more labels: what the new labels get is zero, in a row
     * as in its moments.
     */
    float[] grow(float[] row, RowLayout larger) {
        float[] grown = new float[larger.tensors.size()];
        for (int i = 0; i < tensors.slots().size(); i++) {
            TensorLayout.Slot from = tensors.slots().get(i);
            int to = larger.tensors.slots().get(i).offset();
            System.arraycopy(row, from.offset(), grown, to, from.size());
        }
        return grown;
    }
}
