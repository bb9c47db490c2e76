package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.testing.TinyModels;
import java.util.Map;

/** Llama 3 a second time: RMSNorm, rotation with scaled frequencies, SwiGLU. */
final class LlamaTwin extends DecoderTwin {

    private final double[] frequencies;
    private final JsonNode config;
    private final int heads;
    private final int size;

    LlamaTwin(NDManager manager, BaseModel model, Map<String, Double> scales) {
        super(manager, model.directory(), scales);
        this.frequencies = model.constants().numbers("frequencies");
        this.config = TinyModels.json(model.directory().path().resolve("config.json"));
        this.heads = config.get("num_attention_heads").asInt();
        this.size = config.path("head_dim").asInt(config.get("hidden_size").asInt() / heads);
    }

    @Override
    NDArray vocabulary() {
        return tensor("lm_head.weight");
    }

    @Override
    NDArray hidden(Tokens text, Map<String, NDArray> row) {
        NDArray x = look("embed_tokens", text.ids());
        for (int i = 0; i < config.get("num_hidden_layers").asInt(); i++) {
            String layer = "layers." + i + ".";
            NDArray h = norm(layer + "input_layernorm", x);
            NDArray q = rotated(plain(layer + "self_attn.q_proj", h, row));
            NDArray k = rotated(plain(layer + "self_attn.k_proj", h, row));
            NDArray v = plain(layer + "self_attn.v_proj", h, row);
            NDArray c = attend(q, k, v, heads, size);
            x = x.add(plain(layer + "self_attn.o_proj", c, row));
            h = norm(layer + "post_attention_layernorm", x);
            NDArray gate = plain(layer + "mlp.gate_proj", h, row);
            NDArray silu = gate.div(gate.neg().exp().add(1));
            NDArray f = silu.mul(plain(layer + "mlp.up_proj", h, row));
            x = x.add(plain(layer + "mlp.down_proj", f, row));
        }
        return norm("norm", x);
    }

    private NDArray plain(String module, NDArray x, Map<String, NDArray> row) {
        return linear(module, tensor(module + ".weight"), x, row);
    }

    private NDArray norm(String module, NDArray x) {
        NDArray square = x.mul(x).mean(new int[] {1}, true);
        double epsilon = config.get("rms_norm_eps").asDouble();
        return x.div(square.add(epsilon).sqrt()).mul(tensor(module + ".weight"));
    }

    /** Each token's heads turned by its position. */
    private NDArray rotated(NDArray x) {
        NDList tokens = new NDList();
        for (int position = 0; position < x.getShape().get(0); position++) {
            NDArray token = x.get(new NDIndex(position + ":" + (position + 1)));
            NDList all = new NDList();
            for (int h = 0; h < x.getShape().get(1) / size; h++) {
                all.add(head(token, h, size).matMul(rotation(position)));
            }
            tokens.add(NDArrays.concat(all, 1));
        }
        return NDArrays.concat(tokens, 0);
    }

    /** A matrix that turns each pair (i, i + size / 2) of a row of it. */
    private NDArray rotation(int position) {
        double[] matrix = new double[size * size];
        int half = size / 2;
        for (int i = 0; i < half; i++) {
            double angle = position * frequency(i);
            matrix[i * size + i] = Math.cos(angle);
            matrix[(i + half) * size + i] = -Math.sin(angle);
            matrix[i * size + i + half] = Math.sin(angle);
            matrix[(i + half) * size + i + half] = Math.cos(angle);
        }
        return manager.create(matrix, new Shape(size, size));
    }

    /** Long waves are stretched, those in between partly. */
    private double frequency(int i) {
        JsonNode rope = config.path("rope_parameters");
        double frequency = Math.pow(rope.get("rope_theta").asDouble(), -2.0 * i / size);
        double turns =
                rope.get("original_max_position_embeddings").asDouble() * frequency / (2 * Math.PI);
        double low = rope.get("low_freq_factor").asDouble();
        double high = rope.get("high_freq_factor").asDouble();
        double share = Math.min(1, Math.max(0, (turns - low) / (high - low)));
        double stretched = frequency / rope.get("factor").asDouble();
        double scaled = share * frequency + (1 - share) * stretched;
        // transformers computes them in fp32, and so does the model that is the same
        assertThat(frequencies[i]).isCloseTo(scaled, within(scaled * 1e-6));
        return frequencies[i];
    }
}
