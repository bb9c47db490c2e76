package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.adapter.BottleneckConfig;
import io.flinkpeft.model.BertConfig;
import io.flinkpeft.model.DebertaV2Config;
import io.flinkpeft.model.ModelConfig;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Pooling;
import io.flinkpeft.model.RobertaConfig;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.safetensors.TensorView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BERT or RoBERTa with LoRA and a head, written a second time: text by text, operation by
 * operation, in fp64, without packing, masks or kernels. What the kernels compute must agree with
 * it.
 */
class BertTwin {

    private static final String DENSE = "classifier.dense.weight";

    private final NDManager manager;
    private final BertConfig config;
    private final int firstPosition;
    private final Pooling pooling;
    private final HeadKind head;
    private final Map<String, NDArray> base = new HashMap<>();
    private final Map<String, Double> scales = new HashMap<>();
    private BottleneckConfig bottlenecks;

    BertTwin(NDManager manager, ModelDirectory directory, HeadKind head) {
        this.manager = manager;
        this.config = encoder(directory.config());
        this.firstPosition =
                directory.config() instanceof RobertaConfig ? config.padTokenId() + 1 : 0;
        this.pooling = directory.pooling();
        this.head = head;
        for (TensorView view : directory.tensors().values()) {
            base.put(bare(view.name()), tensor(doubles(view.toFloats()), view.shape()));
        }
    }

    /** How the row's bottleneck adapters work. */
    BertTwin bottlenecks(BottleneckConfig config) {
        bottlenecks = config;
        return this;
    }

    private static BertConfig encoder(ModelConfig config) {
        if (config instanceof RobertaConfig roberta) {
            return roberta.encoder();
        }
        return config instanceof DebertaV2Config deberta ? deberta.encoder() : (BertConfig) config;
    }

    private static String bare(String name) {
        return name.replaceFirst("^(bert|roberta|deberta)\\.", "");
    }

    /** The twin of a model. */
    static BertTwin of(NDManager manager, ModelDirectory directory, HeadKind head) {
        return directory.config() instanceof DebertaV2Config
                ? new DebertaV2Twin(manager, directory, head)
                : new BertTwin(manager, directory, head);
    }

    /** A tensor of the base. */
    NDArray tensor(String name) {
        return base.get(name);
    }

    /** The scale of LoRA at a module; 0 everywhere else. */
    BertTwin scale(String module, double scale) {
        scales.put(bare(module), scale);
        return this;
    }

    static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private NDArray tensor(double[] values, List<Long> shape) {
        return manager.create(
                values, new Shape(shape.stream().mapToLong(Long::longValue).toArray()));
    }

    /** The tensors of a row [size] in fp64, by name. */
    static Map<String, NDArray> cut(NDArray row, TensorLayout layout) {
        Map<String, NDArray> parts = new HashMap<>();
        for (TensorLayout.Slot slot : layout.slots()) {
            long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
            String range = slot.offset() + ":" + (slot.offset() + slot.size());
            parts.put(bare(slot.name()), row.get(new NDIndex(range)).reshape(shape));
        }
        return parts;
    }

    /** Logits [classes] of one text. */
    NDArray logits(Tokens text, Map<String, NDArray> row, int classes) {
        NDArray features = features(hidden(text, row), row);
        String module =
                head == HeadKind.STREAM
                        ? Bank.STREAM_HEAD
                        : row.containsKey(DENSE) ? "classifier.out_proj" : "classifier";
        NDArray weight = row.get(module + ".weight").get(new NDIndex("0:" + classes));
        NDArray bias = row.get(module + ".bias").get(new NDIndex("0:" + classes));
        return weight.matMul(features.reshape(-1, 1)).reshape(-1).add(bias);
    }

    private NDArray features(NDArray hidden, Map<String, NDArray> row) {
        if (head == HeadKind.MODEL) {
            NDArray first = hidden.get(new NDIndex("0:1"));
            NDArray dense = row.get(DENSE);
            if (dense != null) {
                NDArray bias = row.get("classifier.dense.bias");
                return first.matMul(dense.transpose()).add(bias).tanh().reshape(-1);
            }
            return pooled(linear("pooler.dense", first, row)).reshape(-1);
        }
        NDArray pooled =
                pooling == Pooling.CLS
                        ? hidden.get(new NDIndex("0:1")).reshape(-1)
                        : hidden.mean(new int[] {0});
        return pooled.div(pooled.mul(pooled).mean().sqrt());
    }

    /** What the pooler does after its linear layer. */
    NDArray pooled(NDArray x) {
        return x.tanh();
    }

    NDArray hidden(Tokens text, Map<String, NDArray> row) {
        long[] positions = new long[text.length()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = firstPosition + i;
        }
        NDArray x =
                look("word_embeddings", text.ids())
                        .add(look("token_type_embeddings", segments(text)))
                        .add(look("position_embeddings", positions));
        x = norm("embeddings.LayerNorm", x);
        for (int i = 0; i < config.layers(); i++) {
            x = layer("encoder.layer." + i + ".", x, row);
        }
        return x;
    }

    private long[] segments(Tokens text) {
        return config.segments() == 1 ? new long[text.length()] : text.typeIds();
    }

    NDArray look(String table, long[] rows) {
        return base.get("embeddings." + table + ".weight")
                .get(new NDIndex("{}", manager.create(rows)));
    }

    private NDArray layer(String layer, NDArray x, Map<String, NDArray> row) {
        NDArray q = linear(layer + "attention.self.query", x, row);
        NDArray k = linear(layer + "attention.self.key", x, row);
        NDArray v = linear(layer + "attention.self.value", x, row);
        NDArray context = linear(layer + "attention.output.dense", attend(q, k, v), row);
        x = sublayer(layer + "attention.output", context, x, row);
        NDArray f = gelu(linear(layer + "intermediate.dense", x, row));
        return sublayer(layer + "output", linear(layer + "output.dense", f, row), x, row);
    }

    /** A sublayer's output and residual, with the bottleneck that the row has there. */
    private NDArray sublayer(String module, NDArray h, NDArray x, Map<String, NDArray> row) {
        String norm = module + ".LayerNorm";
        String adapter = module + ".adapters.adapter.";
        NDArray down = row.get(adapter + "adapter_down.0.weight");
        if (down == null) {
            return norm(norm, x.add(h));
        }
        NDArray input =
                switch (bottlenecks.placement()) {
                    case HOULSBY -> h;
                    case PFEIFFER -> norm(norm, x.add(h));
                    case PARALLEL -> x;
                };
        NDArray inner =
                act(input.matMul(down.transpose()).add(row.get(adapter + "adapter_down.0.bias")));
        NDArray up =
                inner.matMul(row.get(adapter + "adapter_up.weight").transpose())
                        .add(row.get(adapter + "adapter_up.bias"));
        return norm(norm, h.add(up.mul(bottlenecks.scaling())).add(x));
    }

    private NDArray act(NDArray x) {
        return switch (bottlenecks.nonLinearity()) {
            case RELU -> x.mul(x.gt(0).toType(DataType.FLOAT64, true));
            case GELU -> gelu(x);
            case SWISH -> x.div(x.neg().exp().add(1));
            case TANH -> x.tanh();
        };
    }

    private NDArray attend(NDArray q, NDArray k, NDArray v) {
        int width = config.hiddenSize() / config.heads();
        NDList heads = new NDList();
        for (int h = 0; h < config.heads(); h++) {
            var columns = new NDIndex(":," + h * width + ":" + (h + 1) * width);
            NDArray scores = q.get(columns).matMul(k.get(columns).transpose());
            NDArray weights = scores.div(Math.sqrt(width)).softmax(1);
            heads.add(weights.matMul(v.get(columns)));
        }
        return NDArrays.concat(heads, 1);
    }

    NDArray linear(String module, NDArray x, Map<String, NDArray> row) {
        NDArray y =
                x.matMul(base.get(module + ".weight").transpose()).add(base.get(module + ".bias"));
        NDArray a = row.get(module + ".lora_A.weight");
        if (a == null) {
            return y;
        }
        NDArray b = row.get(module + ".lora_B.weight");
        return y.add(x.matMul(a.transpose()).matMul(b.transpose()).mul(scales.get(module)));
    }

    NDArray norm(String module, NDArray x) {
        NDArray centred = x.sub(x.mean(new int[] {1}, true));
        NDArray variance = centred.mul(centred).mean(new int[] {1}, true);
        NDArray normal = centred.div(variance.add(config.layerNormEpsilon()).sqrt());
        return normal.mul(base.get(module + ".weight")).add(base.get(module + ".bias"));
    }

    static NDArray gelu(NDArray x) {
        return x.mul(x.div(Math.sqrt(2)).erf().add(1)).div(2);
    }

    /** The mean cross entropy over the texts. */
    NDArray loss(List<Tokens> texts, int[] labels, Map<String, NDArray> row, int classes) {
        NDArray sum = manager.zeros(new Shape(), DataType.FLOAT64);
        for (int i = 0; i < labels.length; i++) {
            sum = sum.sub(logits(texts.get(i), row, classes).logSoftmax(0).get(labels[i]));
        }
        return sum.div(labels.length);
    }
}
