package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.FrozenTensors;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionOption;
import io.flinkpeft.model.BertConfig;
import io.flinkpeft.model.DebertaV2Config;
import io.flinkpeft.model.ModelConfig;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Pooling;
import io.flinkpeft.model.RobertaConfig;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
    private final Task head;
    private final Map<String, NDArray> base = new HashMap<>();
    private final Map<String, Double> scales = new HashMap<>();
    private PeftConfig method;

    BertTwin(NDManager manager, ModelDirectory directory, Task head) {
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

    /** The method of the row, and the tensors that it keeps beside the base's. */
    BertTwin method(PeftConfig method, List<FrozenTensors> frozen) {
        this.method = method;
        for (FrozenTensors file : frozen) {
            for (TensorView view : tensors(file).values()) {
                base.put(bare(view.name()), tensor(doubles(view.toFloats()), view.shape()));
            }
        }
        return this;
    }

    private static Map<String, TensorView> tensors(FrozenTensors frozen) {
        try {
            return SafetensorsFile.open(Path.of(frozen.file())).tensors();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    static BertTwin of(NDManager manager, ModelDirectory directory, Task head) {
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
                head.equals(new StreamTask())
                        ? "head"
                        : row.containsKey(DENSE) ? "classifier.out_proj" : "classifier";
        NDArray weight = row.get(module + ".weight").get(new NDIndex("0:" + classes));
        NDArray bias = row.get(module + ".bias").get(new NDIndex("0:" + classes));
        return weight.matMul(features.reshape(-1, 1)).reshape(-1).add(bias);
    }

    private NDArray features(NDArray hidden, Map<String, NDArray> row) {
        if (head.equals(new CheckpointTask())) {
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
        x = embedded(norm("embeddings.LayerNorm", x), row);
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

    /** A sublayer's output and residual, with the adapters that stand there. */
    NDArray sublayer(String module, NDArray h, NDArray x, Map<String, NDArray> row) {
        String norm = module + ".LayerNorm";
        if (method instanceof FusionConfig fusion) {
            return norm(norm, fused(fusion, module, h, x, row).add(x));
        }
        if (method instanceof BottleneckConfig adapter) {
            for (FrozenAdapter frozen : adapter.beneath()) {
                h = changed(frozen.config(), module, h, x, base);
            }
            h = changed(adapter, module, h, x, row);
        }
        return norm(norm, x.add(h));
    }

    /** The sublayer's output with what a bottleneck adds, if there is one. */
    private NDArray changed(
            BottleneckConfig config,
            String module,
            NDArray h,
            NDArray x,
            Map<String, NDArray> tensors) {
        return tensors.containsKey(module + ".adapters." + config.name() + ".adapter_up.bias")
                ? h.add(change(config, module, h, x, tensors))
                : h;
    }

    private NDArray change(
            BottleneckConfig config,
            String module,
            NDArray h,
            NDArray x,
            Map<String, NDArray> tensors) {
        String adapter = module + ".adapters." + config.name() + ".";
        NDArray down = tensors.get(adapter + "adapter_down.0.weight");
        NDArray input = entering(config, module, h, x);
        NDArray inner =
                act(
                        config,
                        input.matMul(down.transpose())
                                .add(tensors.get(adapter + "adapter_down.0.bias")));
        return inner.matMul(tensors.get(adapter + "adapter_up.weight").transpose())
                .add(tensors.get(adapter + "adapter_up.bias"))
                .mul(number(config.scaling()));
    }

    private NDArray entering(BottleneckConfig config, String module, NDArray h, NDArray x) {
        return switch (config.placement()) {
            case HOULSBY -> h;
            case PFEIFFER -> norm(module + ".LayerNorm", x.add(h));
            case PARALLEL -> x;
        };
    }

    /** The mixture of what the frozen adapters give, and h. */
    private NDArray fused(
            FusionConfig fusion, String module, NDArray h, NDArray x, Map<String, NDArray> row) {
        String start = module + ".adapter_fusion_layer." + fusion.name() + ".";
        BottleneckConfig last = fusion.adapters().get(fusion.adapters().size() - 1).config();
        if (!base.containsKey(module + ".adapters." + last.name() + ".adapter_up.bias")) {
            return h;
        }
        NDArray query = fusion.has(FusionOption.QUERY_BEFORE_LN) ? h : entering(last, module, h, x);
        NDArray w = row.get(start + "query.weight");
        if (w != null) {
            query = query.matMul(w.transpose()).add(row.get(start + "query.bias"));
        }
        NDList values = new NDList();
        NDList scores = new NDList();
        for (FrozenAdapter adapter : fusion.adapters()) {
            NDArray z = change(adapter.config(), module, h, x, base);
            z = fusion.has(FusionOption.RESIDUAL_BEFORE) ? z.add(h) : z;
            NDArray key = row.get(start + "key.weight");
            NDArray k =
                    key == null ? z : z.matMul(key.transpose()).add(row.get(start + "key.bias"));
            scores.add(query.mul(k).sum(new int[] {1}, true));
            values.add(z);
        }
        NDArray temperature = row.get("temperature");
        NDArray all = NDArrays.concat(scores, 1);
        // no gradient moves the temperature
        NDArray share = (temperature == null ? all : all.div(number(50))).softmax(1);
        NDArray mixed = values.get(0).mul(share.get(new NDIndex(":,0:1")));
        for (int i = 1; i < values.size(); i++) {
            mixed = mixed.add(values.get(i).mul(share.get(new NDIndex(":," + i + ":" + (i + 1)))));
        }
        NDArray value = row.get(start + "value.weight");
        mixed = value == null ? mixed : mixed.matMul(value.transpose());
        return fusion.has(FusionOption.RESIDUAL_BEFORE) ? mixed : mixed.add(h);
    }

    /** Behind the embeddings. */
    NDArray embedded(NDArray x, Map<String, NDArray> row) {
        BottleneckConfig own = invertible();
        if (own == null) {
            return x;
        }
        String start = "invertible_adapters." + own.name() + ".";
        Map<String, NDArray> tensors = row.containsKey(start + "F.0.bias") ? row : base;
        int half = config.hiddenSize() / 2;
        NDArray first = x.get(new NDIndex(":,0:" + half));
        NDArray second = x.get(new NDIndex(":," + half + ":" + config.hiddenSize()));
        first = first.add(between(own, start + "F", second, tensors));
        second = second.add(between(own, start + "G", first, tensors));
        return NDArrays.concat(new NDList(first, second), 1);
    }

    /** The adapter whose invertible one is used: the first. */
    private BottleneckConfig invertible() {
        List<FrozenAdapter> frozen =
                method instanceof FusionConfig fusion
                        ? fusion.adapters()
                        : method instanceof BottleneckConfig adapter
                                ? adapter.beneath()
                                : List.of();
        BottleneckConfig first =
                !frozen.isEmpty()
                        ? frozen.get(0).config()
                        : method instanceof BottleneckConfig own ? own : null;
        return first == null || first.invertibleReduction() == 0 ? null : first;
    }

    private NDArray between(
            BottleneckConfig config, String module, NDArray x, Map<String, NDArray> tensors) {
        NDArray inner =
                act(
                        config,
                        x.matMul(tensors.get(module + ".0.weight").transpose())
                                .add(tensors.get(module + ".0.bias")));
        return inner.matMul(tensors.get(module + ".2.weight").transpose())
                .add(tensors.get(module + ".2.bias"));
    }

    private NDArray act(BottleneckConfig config, NDArray x) {
        return switch (config.nonLinearity()) {
            case RELU -> x.mul(x.gt(0).toType(DataType.FLOAT64, true));
            case GELU -> gelu(x);
            case SWISH -> x.div(x.neg().exp().add(1));
            case TANH -> x.tanh();
            case GELU_NEW ->
                    x.mul(
                                    x.add(x.mul(x).mul(x).mul(number(0.044715)))
                                            .mul(number(Math.sqrt(2 / Math.PI)))
                                            .tanh()
                                            .add(1))
                            .mul(number(0.5));
        };
    }

    private NDArray attend(NDArray q, NDArray k, NDArray v) {
        int width = config.hiddenSize() / config.heads();
        NDList heads = new NDList();
        for (int h = 0; h < config.heads(); h++) {
            var columns = new NDIndex(":," + h * width + ":" + (h + 1) * width);
            NDArray scores = q.get(columns).matMul(k.get(columns).transpose());
            NDArray weights = scores.div(number(Math.sqrt(width))).softmax(1);
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
        return y.add(x.matMul(a.transpose()).matMul(b.transpose()).mul(number(scales.get(module))));
    }

    NDArray norm(String module, NDArray x) {
        NDArray centred = x.sub(x.mean(new int[] {1}, true));
        NDArray variance = centred.mul(centred).mean(new int[] {1}, true);
        NDArray normal = centred.div(variance.add(config.layerNormEpsilon()).sqrt());
        return normal.mul(base.get(module + ".weight")).add(base.get(module + ".bias"));
    }

    static NDArray gelu(NDArray x) {
        return x.mul(x.div(number(Math.sqrt(2), x)).erf().add(1)).mul(number(0.5, x));
    }

    NDArray number(double value) {
        return manager.create(value);
    }

    /**
     * A number that lives as long as the manager of x: the backward pass reads it, and DJL would
     * have freed the one that it makes of a Java number.
     */
    static NDArray number(double value, NDArray x) {
        return x.getManager().create(value);
    }

    /** The mean cross entropy over the texts. */
    NDArray loss(List<Tokens> texts, int[] labels, Map<String, NDArray> row, int classes) {
        NDArray sum = manager.zeros(new Shape(), DataType.FLOAT64);
        for (int i = 0; i < labels.length; i++) {
            sum = sum.sub(logits(texts.get(i), row, classes).logSoftmax(0).get(labels[i]));
        }
        return sum.div(number(labels.length)).add(penalty(row));
    }

    private NDArray penalty(Map<String, NDArray> row) {
        NDArray sum = manager.zeros(new Shape(), DataType.FLOAT64);
        boolean penalised =
                method instanceof FusionConfig fusion && fusion.has(FusionOption.REGULARIZATION);
        for (var part : row.entrySet()) {
            if (penalised && part.getKey().endsWith(".value.weight")) {
                NDArray identity = manager.eye(config.hiddenSize()).toType(DataType.FLOAT64, true);
                sum = sum.add(identity.sub(part.getValue()).square().sum().mul(number(0.01)));
            }
        }
        return sum;
    }
}
