package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.model.DebertaV2Config;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.task.Task;
import java.util.Map;

/** DeBERTa-v2 a second time: what is other than in BERT. */
final class DebertaV2Twin extends BertTwin {

    private final NDManager manager;
    private final DebertaV2Config config;

    DebertaV2Twin(NDManager manager, ModelDirectory directory, Task head) {
        super(manager, directory, head);
        this.manager = manager;
        this.config = (DebertaV2Config) directory.config();
    }

    @Override
    NDArray pooled(NDArray x) {
        return gelu(x);
    }

    @Override
    NDArray hidden(Tokens text, Map<String, NDArray> row) {
        NDArray x = look("word_embeddings", text.ids());
        if (config.positions()) {
            long[] positions = new long[text.length()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = i;
            }
            x = x.add(look("position_embeddings", positions));
        }
        x = embedded(norm("embeddings.LayerNorm", x), row);
        NDArray distances = tensor("encoder.rel_embeddings.weight");
        if (config.normalised()) {
            distances = norm("encoder.LayerNorm", distances);
        }
        for (int i = 0; i < config.layers(); i++) {
            x = layer(i, x, distances, row);
        }
        return x;
    }

    private NDArray layer(int number, NDArray x, NDArray distances, Map<String, NDArray> row) {
        String layer = "encoder.layer." + number + ".";
        String self = layer + "attention.self.";
        NDArray q = linear(self + "query_proj", x, row);
        NDArray k = linear(self + "key_proj", x, row);
        NDArray v = linear(self + "value_proj", x, row);
        String key = config.shared() ? "key_proj" : "pos_key_proj";
        String query = config.shared() ? "query_proj" : "pos_query_proj";
        NDArray kd = config.contentToPosition() ? linear(self + key, distances, row) : null;
        NDArray qd = config.positionToContent() ? linear(self + query, distances, row) : null;
        NDArray pk = prefix(2 * number, row);
        NDArray pv = prefix(2 * number + 1, row);
        NDArray context = attend(new NDArray[] {q, k, v, kd, qd, pk, pv});
        NDArray output = linear(layer + "attention.output.dense", context, row);
        x = sublayer(layer + "attention.output", output, x, row);
        NDArray f = gelu(linear(layer + "intermediate.dense", x, row));
        return sublayer(layer + "output", linear(layer + "output.dense", f, row), x, row);
    }

    /** A layer's part of a prefix [v, d]; null if there is none. */
    private NDArray prefix(int part, Map<String, NDArray> row) {
        NDArray all = row.get(VirtualTokens.EMBEDDINGS);
        int d = config.hiddenSize();
        return all == null ? null : all.get(new NDIndex(":," + part * d + ":" + (part + 1) * d));
    }

    private NDArray attend(NDArray[] x) {
        NDArray q = x[0];
        NDArray k = x[1];
        NDArray v = x[2];
        NDArray kd = x[3];
        NDArray qd = x[4];
        int width = config.hiddenSize() / config.heads();
        int terms = 1 + (kd == null ? 0 : 1) + (qd == null ? 0 : 1);
        NDArray places = places(Math.toIntExact(q.getShape().get(0)));
        NDList heads = new NDList();
        for (int h = 0; h < config.heads(); h++) {
            var columns = new NDIndex(":," + h * width + ":" + (h + 1) * width);
            NDArray scores = q.get(columns).matMul(k.get(columns).transpose());
            if (kd != null) {
                NDArray to = q.get(columns).matMul(kd.get(columns).transpose());
                scores = scores.add(to.gather(places, 1));
            }
            if (qd != null) {
                NDArray to = k.get(columns).matMul(qd.get(columns).transpose());
                scores = scores.add(to.gather(places.transpose(), 1).transpose());
            }
            NDArray values = v.get(columns);
            if (x[5] != null) {
                NDArray to = q.get(columns).matMul(x[5].get(columns).transpose());
                scores = NDArrays.concat(new NDList(to, scores), 1);
                values = NDArrays.concat(new NDList(x[6].get(columns), values), 0);
            }
            NDArray shares = scores.div(number(Math.sqrt(terms * width))).softmax(1);
            heads.add(shares.matMul(values));
        }
        return NDArrays.concat(heads, 1);
    }

    /** The row of the embedding of distances for each query and key. */
    private NDArray places(int length) {
        int span = config.span();
        long[] places = new long[length * length];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < length; j++) {
                int place = span + Integer.signum(i - j) * bucket(Math.abs(i - j));
                places[i * length + j] = Math.max(0, Math.min(2 * span - 1, place));
            }
        }
        return manager.create(places, new Shape(length, length));
    }

    private int bucket(int distance) {
        int half = config.buckets() / 2;
        if (config.buckets() == 0 || distance <= half) {
            return distance;
        }
        double most = Math.log((config.maxDistance() - 1.0) / half);
        return half + (int) Math.ceil(Math.log((double) distance / half) / most * (half - 1));
    }
}
