package io.flinkpeft.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tiny DeBERTa in the form that the smaller checkpoints of version 2 could have. */
public final class DebertaVariant {

    private static final int WIDTH = 16;
    private static final int POSITIONS = 64;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private DebertaVariant() {}

    /**
     * With projections of distances of their own, an embedding of positions, every distance told
     * apart up to 8, and no norm of distances.
     */
    public static ModelDirectory withOwnProjections(Path directory) {
        try {
            if (!Files.exists(directory.resolve("config.json"))) {
                write(directory);
            }
            return ModelDirectory.open(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path directory) throws IOException {
        Path original = TinyModels.gridModel("deberta-v2").path();
        Files.copy(original.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        var config = (ObjectNode) TinyModels.json(original.resolve("config.json"));
        config.put("share_att_key", false)
                .put("position_biased_input", true)
                .put("position_buckets", -1)
                .put("max_relative_positions", WIDTH / 2)
                .put("norm_rel_ebd", "none");
        MAPPER.writeValue(directory.resolve("config.json").toFile(), config);
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), tensors(), Map.of("format", "pt"));
    }

    private static List<TensorView> tensors() {
        List<TensorView> tensors = new ArrayList<>();
        for (TensorView tensor : TinyModels.gridModel("deberta-v2").tensors().values()) {
            if (!tensor.name().startsWith("deberta.encoder.LayerNorm")) {
                tensors.add(tensor);
            }
        }
        tensors.add(random("deberta.embeddings.position_embeddings.weight", POSITIONS, WIDTH));
        for (int layer = 0; layer < 2; layer++) {
            String self = "deberta.encoder.layer." + layer + ".attention.self.";
            for (String module : List.of("pos_key_proj", "pos_query_proj")) {
                tensors.add(random(self + module + ".weight", WIDTH, WIDTH));
                tensors.add(random(self + module + ".bias", WIDTH));
            }
        }
        return tensors;
    }

    private static TensorView random(String name, long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        long seed = Seeds.derive(3, name);
        for (int i = 0; i < size; i++) {
            values[i] = 0.3f * Seeds.gaussian(seed, i);
        }
        return TensorView.of(name, values, shape);
    }
}
