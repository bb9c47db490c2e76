package io.flinkpeft.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.engine.NativeLibraries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Brings a {@code tokenizer.json} to the native library, without a limit and without padding. */
final class NativeTokenizer {

    private NativeTokenizer() {}

    /**
     * Loads one for any text.
     *
     * @throws IllegalArgumentException if it is none, or would end the process on some text
     */
    static HuggingFaceTokenizer load(ObjectNode json, Path path) throws IOException {
        try {
            AddedTokenCheck.check(json);
            return of(json);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "File (" + path + ") must be a tokenizer: " + e.getMessage(), e);
        }
    }

    /** Loads one as it is. */
    static HuggingFaceTokenizer of(JsonNode json) throws IOException {
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
        return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
    }
}
