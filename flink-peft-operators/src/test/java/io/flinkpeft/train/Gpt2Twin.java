package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Tokens;
import java.util.Map;

/** GPT-2 a second time: its weights are [in, out]. */
final class Gpt2Twin extends DecoderTwin {

    private static final double EPSILON = 1e-5;

    private final int layers;
    private final int heads;
    private final int width;

    Gpt2Twin(NDManager manager, ModelDirectory directory, Map<String, Double> scales) {
        super(manager, directory, scales);
        this.layers = directory.config().layers();
        this.heads = directory.config().heads();
        this.width = directory.config().hiddenSize();
    }

    @Override
    NDArray vocabulary() {
        return tensor("wte.weight");
    }

    @Override
    NDArray hidden(Tokens text, Map<String, NDArray> row) {
        NDArray x = look("wte", text.ids()).add(look("wpe", positions(text)));
        for (int i = 0; i < layers; i++) {
            String layer = "h." + i + ".";
            NDArray h = conv(layer + "attn.c_attn", norm(layer + "ln_1", x), row);
            NDArray c = attend(part(h, 0), part(h, 1), part(h, 2), heads, width / heads);
            x = x.add(conv(layer + "attn.c_proj", c, row));
            NDArray f = gelu(conv(layer + "mlp.c_fc", norm(layer + "ln_2", x), row));
            x = x.add(conv(layer + "mlp.c_proj", f, row));
        }
        return norm("ln_f", x);
    }

    private NDArray part(NDArray h, int part) {
        return h.get(new NDIndex(":," + part * width + ":" + (part + 1) * width));
    }

    private NDArray conv(String module, NDArray x, Map<String, NDArray> row) {
        return linear(module, tensor(module + ".weight").transpose(), x, row);
    }

    private NDArray norm(String module, NDArray x) {
        NDArray centred = x.sub(x.mean(new int[] {1}, true));
        NDArray variance = centred.mul(centred).mean(new int[] {1}, true);
        NDArray normal = centred.div(variance.add(EPSILON).sqrt());
        return normal.mul(tensor(module + ".weight")).add(tensor(module + ".bias"));
    }

    /** With tanh: gelu_new. */
    private static NDArray gelu(NDArray x) {
        NDArray cubic = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(cubic.tanh().add(1)).div(2);
    }
}
