package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of an input file: {@code {"text": "...", "text_pair": "...", "label": "...", "target":
 * "..."}}, the last three if they are there. Other fields are left alone.
 *
 * <p>Words may stand apart: {@code "tokens": ["...", ...]} in place of the text, and a list as the
 * label. {@code "answer_start": 17} stands for {@code "label": "17"}.
 */
final class InputLines implements AutoCloseable {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * One line.
     *
     * @param number its number in the file, from 1
     * @param textPair null if it has none
     * @param label null if it has none
     * @param target null if it has none
     */
    record Line(long number, String text, String textPair, String label, String target) {}

    private final Path path;
    private final BufferedReader reader;
    private long number;

    private InputLines(Path path, BufferedReader reader) {
        this.path = path;
        this.reader = reader;
    }

    static InputLines open(Path path) throws IOException {
        if (!Files.exists(path) || Files.isDirectory(path)) {
            throw new IllegalArgumentException("--input (" + path + ") must be a file.");
        }
        return new InputLines(path, Files.newBufferedReader(path, StandardCharsets.UTF_8));
    }

    /** All lines of a file. */
    static List<Line> readAll(Path path) throws IOException {
        try (InputLines lines = open(path)) {
            return lines.next(Integer.MAX_VALUE);
        }
    }

    /**
     * The next lines, at most so many; none at the end.
     *
     * @throws IllegalArgumentException with the file and the line if one cannot be used
     */
    List<Line> next(int most) throws IOException {
        List<Line> lines = new ArrayList<>();
        while (lines.size() < most) {
            String line = readLine();
            if (line == null) {
                return lines;
            }
            lines.add(parse(line));
        }
        return lines;
    }

    private String readLine() throws IOException {
        number++;
        try {
            return reader.readLine();
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(
                    path + " must be UTF-8 text; it is not, near line " + number + ".", e);
        }
    }

    private Line parse(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw unusable("must be JSON: " + e.getOriginalMessage());
        }
        if (!json.isObject()) {
            throw unusable("must be a JSON object.");
        }
        String text = json.has("tokens") ? words(json, "tokens") : text(json, "text");
        if (text == null) {
            throw unusable("has no text, must have one.");
        }
        return new Line(number, text, text(json, "text_pair"), label(json), text(json, "target"));
    }

    private String label(JsonNode json) {
        if (json.path("label").isArray()) {
            return words(json, "label");
        }
        JsonNode start = json.path("answer_start");
        return start.isIntegralNumber() && !json.has("label")
                ? start.asText()
                : text(json, "label");
    }

    /** A list of words as a text with spaces between them. */
    private String words(JsonNode json, String field) {
        List<String> words = new ArrayList<>();
        for (JsonNode word : json.get(field)) {
            String text = word.isTextual() ? word.textValue() : "";
            if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
                throw unusable(
                        "has " + field + " (" + word + "), must have words without white space.");
            }
            words.add(text);
        }
        return String.join(" ", words);
    }

    private String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw unusable("has " + field + " (" + value + "), must have a string there.");
        }
        return value.textValue();
    }

    private IllegalArgumentException unusable(String what) {
        return new IllegalArgumentException(path + " line " + number + " " + what);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
