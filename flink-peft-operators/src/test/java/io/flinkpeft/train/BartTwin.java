package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.testing.TinyModels;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/** BART a second time. */
final class BartTwin extends Seq2SeqTwin {

    private final int layers;
    private final int heads;

    BartTwin(NDManager manager, ModelDirectory directory) {
        super(manager, directory);
        var json = TinyModels.json(directory.path().resolve("config.json"));
        layers = json.get("encoder_layers").asInt();
        heads = json.get("encoder_attention_heads").asInt();
    }

    @Override
    NDArray encoded(long[] text, Map<String, NDArray> row) {
        NDArray x = embedded("encoder", text);
        for (int i = 0; i < layers; i++) {
            String layer = "encoder.layers." + i + ".";
            x = attention(layer + "self_attn", x, x, none(), row);
            x = feedForward(layer, x, row);
        }
        return x;
    }

    @Override
    NDArray logits(long[] target, NDArray memory, Map<String, NDArray> row) {
        NDArray x = embedded("decoder", target);
        NDArray[] later = new NDArray[heads];
        Arrays.fill(later, later(target.length, target.length));
        for (int i = 0; i < layers; i++) {
            String layer = "decoder.layers." + i + ".";
            x = attention(layer + "self_attn", x, x, later, row);
            x = attention(layer + "encoder_attn", x, memory, none(), row);
            x = feedForward(layer, x, row);
        }
        NDArray scores = linear("lm_head", tensor("shared.weight"), x, row);
        return scores.add(tensor("final_logits_bias"));
    }

    private NDArray[] none() {
        NDArray[] none = new NDArray[heads];
        Arrays.fill(none, manager.zeros(new Shape(1), DataType.FLOAT64));
        return none;
    }

    private NDArray embedded(String side, long[] ids) {
        long[] positions = LongStream.range(2, ids.length + 2).toArray();
        NDArray e = look("shared.weight", ids);
        NDArray x = e.add(look(side + ".embed_positions.weight", positions));
        return norm(side + ".layernorm_embedding", x);
    }

    private NDArray attention(
            String module, NDArray x, NDArray to, NDArray[] bias, Map<String, NDArray> row) {
        NDArray q = linear(module + ".q_proj", x, row);
        NDArray k = linear(module + ".k_proj", to, row);
        NDArray v = linear(module + ".v_proj", to, row);
        double root = Math.sqrt(x.getShape().get(1) / (double) heads);
        NDArray c = linear(module + ".out_proj", attend(q, k, v, bias, root), row);
        return norm(module + "_layer_norm", x.add(c));
    }

    private NDArray feedForward(String layer, NDArray x, Map<String, NDArray> row) {
        NDArray f = BertTwin.gelu(linear(layer + "fc1", x, row));
        return norm(layer + "final_layer_norm", x.add(linear(layer + "fc2", f, row)));
    }

    private NDArray norm(String module, NDArray x) {
        NDArray centred = x.sub(x.mean(new int[] {1}, true));
        NDArray variance = centred.mul(centred).mean(new int[] {1}, true);
        NDArray normal = centred.div(variance.add(1e-5).sqrt());
        return normal.mul(tensor(module + ".weight")).add(tensor(module + ".bias"));
    }
}
