package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.safetensors.TensorView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A decoder with LoRA, written a second time: text by text, head by head, operation by operation,
 * in fp64, without packing or kernels.
 */
abstract class DecoderTwin {

    final NDManager manager;
    private final Map<String, NDArray> base = new HashMap<>();
    private final Map<String, Double> scales;

    DecoderTwin(NDManager manager, ModelDirectory directory, Map<String, Double> scales) {
        this.manager = manager;
        this.scales = scales;
        for (TensorView view : directory.tensors().values()) {
            String name = view.name().replaceFirst("^(transformer|model)\\.", "");
            base.put(
                    name,
                    manager.create(
                            BertTwin.doubles(view.toFloats()), new Shape(view.dimensions())));
        }
    }

    /** The twin of a model, with the scale of LoRA at each module. */
    static DecoderTwin of(NDManager manager, BaseModel model, Map<String, Double> scales) {
        ModelDirectory directory = model.directory();
        return directory.config().modelType().equals("gpt2")
                ? new Gpt2Twin(manager, directory, scales)
                : new LlamaTwin(manager, model, scales);
    }

    /** The last layer's normalised states [n, d]. */
    abstract NDArray hidden(Tokens text, Map<String, NDArray> row);

    /** What gives logits: [v, d]. */
    abstract NDArray vocabulary();

    /** The mean negative log likelihood of all tokens that have one before them. */
    NDArray loss(List<Tokens> texts, Map<String, NDArray> row) {
        NDArray sum = manager.zeros(new Shape(), DataType.FLOAT64);
        int targets = 0;
        for (Tokens text : texts) {
            NDArray logits = linear("lm_head", vocabulary(), hidden(text, row), row);
            for (int i = 1; i < text.length(); i++) {
                sum = sum.sub(logits.get(i - 1).logSoftmax(0).get(text.ids()[i]));
                targets++;
            }
        }
        return sum.div(targets);
    }

    NDArray tensor(String name) {
        return base.get(name);
    }

    NDArray look(String table, long[] rows) {
        return base.get(table + ".weight").get(new NDIndex("{}", manager.create(rows)));
    }

    static long[] positions(Tokens text) {
        return IntStream.range(0, text.length()).asLongStream().toArray();
    }

    /** A weight [out, in] with LoRA. */
    NDArray linear(String module, NDArray weight, NDArray x, Map<String, NDArray> row) {
        NDArray y = x.matMul(weight.transpose());
        NDArray bias = base.get(module + ".bias");
        y = bias == null ? y : y.add(bias);
        NDArray a = row.get(module + ".lora_A.weight");
        if (a == null) {
            return y;
        }
        NDArray b = row.get(module + ".lora_B.weight");
        return y.add(x.matMul(a.transpose()).matMul(b.transpose()).mul(scales.get(module)));
    }

    /** Attention of each head to the tokens up to its own; several may share keys and values. */
    NDArray attend(NDArray q, NDArray k, NDArray v, int heads, int size) {
        int shared = (int) (heads * size / k.getShape().get(1));
        NDArray mask = later(q.getShape().get(0));
        NDList all = new NDList();
        for (int h = 0; h < heads; h++) {
            NDArray scores = head(q, h, size).matMul(head(k, h / shared, size).transpose());
            NDArray weights = scores.div(Math.sqrt(size)).add(mask).softmax(1);
            all.add(weights.matMul(head(v, h / shared, size)));
        }
        return NDArrays.concat(all, 1);
    }

    static NDArray head(NDArray x, int head, int size) {
        return x.get(new NDIndex(":," + head * size + ":" + (head + 1) * size));
    }

    private NDArray later(long tokens) {
        double[] mask = new double[(int) (tokens * tokens)];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % tokens > i / tokens ? -1e30 : 0;
        }
        return manager.create(mask, new Shape(tokens, tokens));
    }
}
