package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.testing.TinyModels;
import java.util.Map;

/** T5 a second time. */
final class T5Twin extends Seq2SeqTwin {

    private final int layers;
    private final int heads;
    private final int buckets;
    private final int maxDistance;

    T5Twin(NDManager manager, ModelDirectory directory) {
        super(manager, directory);
        var json = TinyModels.json(directory.path().resolve("config.json"));
        layers = json.get("num_layers").asInt();
        heads = json.get("num_heads").asInt();
        buckets = json.get("relative_attention_num_buckets").asInt();
        maxDistance = json.get("relative_attention_max_distance").asInt();
    }

    @Override
    NDArray encoded(long[] text, Map<String, NDArray> row) {
        NDArray x = look("shared.weight", text);
        NDArray[] bias = bias("encoder", text.length, buckets / 2);
        for (int i = 0; i < layers; i++) {
            String block = "encoder.block." + i + ".layer.";
            NDArray h = norm(block + "0.layer_norm", x);
            x = x.add(attention(block + "0.SelfAttention.", h, h, bias, row));
            x = x.add(feedForward(block + "1.", x, row));
        }
        return norm("encoder.final_layer_norm", x);
    }

    @Override
    NDArray logits(long[] target, NDArray memory, Map<String, NDArray> row) {
        NDArray x = look("shared.weight", target);
        NDArray[] bias = bias("decoder", target.length, buckets);
        NDArray[] none = new NDArray[heads];
        for (int h = 0; h < heads; h++) {
            bias[h] = bias[h].add(later(target.length, target.length));
            none[h] = manager.zeros(new Shape(1), DataType.FLOAT64);
        }
        for (int i = 0; i < layers; i++) {
            String block = "decoder.block." + i + ".layer.";
            NDArray h = norm(block + "0.layer_norm", x);
            x = x.add(attention(block + "0.SelfAttention.", h, h, bias, row));
            h = norm(block + "1.layer_norm", x);
            x = x.add(attention(block + "1.EncDecAttention.", h, memory, none, row));
            x = x.add(feedForward(block + "2.", x, row));
        }
        x = norm("decoder.final_layer_norm", x);
        NDArray own = tensor("lm_head.weight");
        double root = Math.sqrt(x.getShape().get(1));
        return own == null
                ? linear("lm_head", tensor("shared.weight"), x.div(BertTwin.number(root, x)), row)
                : linear("lm_head", own, x, row);
    }

    private NDArray attention(
            String module, NDArray x, NDArray to, NDArray[] bias, Map<String, NDArray> row) {
        NDArray q = linear(module + "q", x, row);
        NDArray k = linear(module + "k", to, row);
        NDArray v = linear(module + "v", to, row);
        return linear(module + "o", attend(q, k, v, bias, 1), row);
    }

    private NDArray feedForward(String layer, NDArray x, Map<String, NDArray> row) {
        String dense = layer + "DenseReluDense.";
        NDArray h = norm(layer + "layer_norm", x);
        NDArray f;
        if (tensor(dense + "wi.weight") != null) {
            NDArray up = linear(dense + "wi", h, row);
            f = up.mul(up.gt(0).toType(DataType.FLOAT64, true));
        } else {
            f = tanhGelu(linear(dense + "wi_0", h, row)).mul(linear(dense + "wi_1", h, row));
        }
        return linear(dense + "wo", f, row);
    }

    private static NDArray tanhGelu(NDArray x) {
        NDArray cubic = x.add(x.mul(x).mul(x).mul(BertTwin.number(0.044715, x)));
        return x.mul(cubic.mul(BertTwin.number(Math.sqrt(2 / Math.PI), x)).tanh().add(1))
                .mul(BertTwin.number(0.5, x));
    }

    private NDArray norm(String module, NDArray x) {
        NDArray square = x.mul(x).mean(new int[] {1}, true);
        return x.div(square.add(1e-6).sqrt()).mul(tensor(module + ".weight"));
    }

    /** The bias of each head; of an encoder distances to later tokens have buckets of their own. */
    private NDArray[] bias(String side, int length, int perDirection) {
        NDArray table =
                tensor(side + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight");
        long[] places = new long[length * length];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < length; j++) {
                boolean both = perDirection < buckets;
                int distance = both ? Math.abs(i - j) : Math.max(0, i - j);
                int bucket = bucket(distance, perDirection);
                places[i * length + j] = bucket + (both && j > i ? perDirection : 0);
            }
        }
        NDArray rows = table.get(new NDIndex("{}", manager.create(places)));
        NDArray[] bias = new NDArray[heads];
        for (int h = 0; h < heads; h++) {
            bias[h] = rows.get(new NDIndex(":," + h)).reshape(length, length);
        }
        return bias;
    }

    private int bucket(int distance, int count) {
        int near = count / 2;
        if (distance < near) {
            return distance;
        }
        double ratio = Math.log((double) distance / near) / Math.log((double) maxDistance / near);
        return Math.min(near + (int) (ratio * (count - near)), count - 1);
    }
}
