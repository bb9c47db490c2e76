package io.flinkpeft.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Model directories of the tests. */
final class ModelDirectories {

    /** A BertForSequenceClassification with random weights, made by transformers. */
    static final Path TINY_BERT = Path.of("src/test/resources/golden/tiny-bert-cls");

    private ModelDirectories() {}

    /** A copy that may be changed. */
    static Path copyOfTinyBert(Path target) throws IOException {
        for (String file : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
            Files.copy(TINY_BERT.resolve(file), target.resolve(file));
        }
        return target;
    }

    /** Changes a JSON file. */
    static void edit(Path json, Consumer<ObjectNode> change) throws IOException {
        var object = (ObjectNode) JsonFiles.read(json);
        change.accept(object);
        Files.write(json, JsonFiles.JSON.writeValueAsBytes(object));
    }
}
