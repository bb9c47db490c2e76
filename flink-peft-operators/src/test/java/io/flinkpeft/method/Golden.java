package io.flinkpeft.method;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** Files that PEFT wrote; the folder's README says how. */
public final class Golden {

    public static final Path FOLDER = Path.of("src/test/resources/golden");

    /** Directories of adapters. */
    public static final List<String> ADAPTERS =
            List.of(
                    "lora-qv/init",
                    "lora-qv/trained",
                    "lora-all-rslora/init",
                    "lora-all-rslora/trained",
                    "lora-regex/init",
                    "lora-regex/trained",
                    "feature-extraction/all-linear",
                    "feature-extraction/encoder-linear");

    private Golden() {}

    public static String text(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file));
    }

    public static JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(text(file));
    }

    public static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
}
