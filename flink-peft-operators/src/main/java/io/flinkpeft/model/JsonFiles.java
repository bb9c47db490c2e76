package io.flinkpeft.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The JSON files of a model directory. */
final class JsonFiles {

    static final ObjectMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private JsonFiles() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is missing or not JSON
     */
    static JsonNode read(Path path) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("File (" + path + ") must exist.", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "File (" + path + ") must be JSON: " + e.getOriginalMessage(), e);
        }
    }
}
