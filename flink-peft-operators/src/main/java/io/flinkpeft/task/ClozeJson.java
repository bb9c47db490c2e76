package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.method.codec.AdapterFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cloze as JSON: {@code {"template": "...", "verbalizer": {"label": ["word", ...], ...}}}. */
public final class ClozeJson {

    /** The file beside an adapter's. */
    public static final String FILE = "cloze.json";

    private static final String TEMPLATE = "template";
    private static final String VERBALIZER = "verbalizer";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ClozeJson() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is missing, or no cloze
     */
    public static Cloze read(Path file) {
        try {
            return of(AdapterFiles.text(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("Cloze (" + file + ") must be a file.", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @throws IllegalArgumentException if it is no cloze
     */
    public static Cloze of(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (!json.path(TEMPLATE).isTextual() || !json.path(VERBALIZER).isObject()) {
                throw new IllegalArgumentException(
                        "Cloze (" + text.strip() + ") must have template and verbalizer.");
            }
            Map<String, List<String>> words =
                    MAPPER.readValue(
                            MAPPER.treeAsTokens(json.get(VERBALIZER)),
                            new TypeReference<LinkedHashMap<String, List<String>>>() {});
            if (words.values().stream().anyMatch(own -> own == null || own.contains(null))) {
                throw new IllegalArgumentException(
                        "Cloze (" + text.strip() + ") must have lists of words, not null.");
            }
            return new Cloze(json.get(TEMPLATE).textValue(), words);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cloze must be JSON with lists of words: " + e.getMessage(), e);
        }
    }

    /** The text of a file. */
    public static String write(Cloze cloze) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(TEMPLATE, cloze.template());
        json.put(VERBALIZER, cloze.verbalizer());
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
