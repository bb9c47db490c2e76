package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.safetensors.TensorView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An encoder-decoder with LoRA, written a second time: pair by pair, operation by operation, in
 * fp64, without packing or kernels. What the kernels compute must agree with it.
 */
abstract class Seq2SeqTwin {

    final NDManager manager;
    private final Map<String, NDArray> base = new HashMap<>();
    private final Map<String, Double> scales = new HashMap<>();

    Seq2SeqTwin(NDManager manager, ModelDirectory directory) {
        this.manager = manager;
        for (TensorView view : directory.tensors().values()) {
            long[] shape = view.shape().stream().mapToLong(Long::longValue).toArray();
            double[] values = BertTwin.doubles(view.toFloats());
            base.put(
                    view.name().replaceFirst("^model\\.", ""),
                    manager.create(values, new Shape(shape)));
        }
    }

    /** The twin of a model. */
    static Seq2SeqTwin of(NDManager manager, ModelDirectory directory) {
        return directory.config().modelType().equals("bart")
                ? new BartTwin(manager, directory)
                : new T5Twin(manager, directory);
    }

    /** A tensor of the base; null if it has none. */
    NDArray tensor(String name) {
        return base.get(name);
    }

    /** The scale of LoRA at a module. */
    void scale(String module, double scale) {
        scales.put(module, scale);
    }

    /** The states of a text [n, d]. */
    abstract NDArray encoded(long[] text, Map<String, NDArray> row);

    /** Logits of the vocabulary behind each token of a target [m, v]. */
    abstract NDArray logits(long[] target, NDArray memory, Map<String, NDArray> row);

    /** The mean negative log likelihood over the tokens of all targets. */
    NDArray loss(
            List<Tokens> texts,
            List<Tokens> targets,
            List<long[]> labels,
            Map<String, NDArray> row) {
        NDArray sum = manager.zeros(new Shape(), DataType.FLOAT64);
        int count = 0;
        for (int i = 0; i < texts.size(); i++) {
            NDArray memory = encoded(texts.get(i).ids(), row);
            NDArray scores = logits(targets.get(i).ids(), memory, row).logSoftmax(1);
            for (int j = 0; j < labels.get(i).length; j++) {
                sum = sum.sub(scores.get(j).get(labels.get(i)[j]));
                count++;
            }
        }
        return sum.div(count);
    }

    NDArray look(String table, long[] rows) {
        return base.get(table).get(new NDIndex("{}", manager.create(rows)));
    }

    NDArray linear(String module, NDArray x, Map<String, NDArray> row) {
        return linear(module, base.get(module + ".weight"), x, row);
    }

    NDArray linear(String module, NDArray weight, NDArray x, Map<String, NDArray> row) {
        NDArray y = x.matMul(weight.transpose());
        NDArray bias = base.get(module + ".bias");
        if (bias != null) {
            y = y.add(bias);
        }
        NDArray a = row.get(module + ".lora_A.weight");
        if (a == null) {
            return y;
        }
        NDArray b = row.get(module + ".lora_B.weight");
        return y.add(x.matMul(a.transpose()).matMul(b.transpose()).mul(scales.get(module)));
    }

    /**
     * Attention.
     *
     * @param bias of each head [queries, keys], on top of the scores
     * @param divisor of the scores
     */
    NDArray attend(NDArray q, NDArray k, NDArray v, NDArray[] bias, double divisor) {
        long width = q.getShape().get(1) / bias.length;
        NDList heads = new NDList();
        for (int h = 0; h < bias.length; h++) {
            var columns = new NDIndex(":," + h * width + ":" + (h + 1) * width);
            NDArray scores = q.get(columns).matMul(k.get(columns).transpose()).div(divisor);
            heads.add(scores.add(bias[h]).softmax(1).matMul(v.get(columns)));
        }
        return NDArrays.concat(heads, 1);
    }

    /** 0 where a query sees a key, and a number that no score comes near where it does not. */
    NDArray later(int queries, int keys) {
        double[] mask = new double[queries * keys];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % keys > i / keys ? -1e9 : 0;
        }
        return manager.create(mask, new Shape(queries, keys));
    }
}
