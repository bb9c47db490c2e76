package io.flinkpeft.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.engine.NativeLibraries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Brings a {@code tokenizer.json} to the native library, without a limit and without padding. */
final class NativeTokenizer {

    private NativeTokenizer() {}

    static HuggingFaceTokenizer load(JsonNode json, Path path) throws IOException {
        NativeLibraries.tokenizers();
        String noLimit = Integer.toString(Integer.MAX_VALUE);
        var options =
                Map.of(
                        "truncation",
                        "LONGEST_FIRST",
                        "padding",
                        "DO_NOT_PAD",
                        "maxLength",
                        noLimit,
                        "modelMaxLength",
                        noLimit);
        byte[] bytes = JsonFiles.JSON.writeValueAsBytes(json);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "File (" + path + ") must be a tokenizer: " + e.getMessage(), e);
        }
    }
}
