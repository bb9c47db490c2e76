package io.flinkpeft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.json.ContentFields;
import io.flinkpeft.json.ContentLimits;
import io.flinkpeft.json.RecordField;
import io.flinkpeft.json.RecordFields;
import io.flinkpeft.json.UnusableRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of an input file: {@code {"text": "...", "text_pair": "...", "label": "...", "target":
 * "..."}}, the last three if they are there. Other fields are left alone; {@link #ignored} has the
 * keys that no record has. The rules are those of topics: {@link RecordFields} and {@link
 * ContentFields} read both.
 *
 * <p>Words may stand apart: {@code "tokens": ["...", ...]} in place of the text, and a list as the
 * label. {@code "answer_start": 17} stands for {@code "label": "17"}.
 */
final class InputLines implements AutoCloseable {

    private static final JsonFactory JSON = RecordFields.factory(Integer.MAX_VALUE);

    /**
     * One line.
     *
     * @param number its number in the file, from 1
     * @param content what it says
     */
    record Line(long number, ExampleContent content) {

        String text() {
            return content.text();
        }

        String textPair() {
            return content.textPair();
        }

        String label() {
            return content.label();
        }

        String target() {
            return content.target();
        }
    }

    private final Path path;
    private final BufferedReader reader;
    private long number;
    private final IgnoredKeys ignored = new IgnoredKeys();

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

    /** All lines of a file; {@code err} is told which keys were ignored. */
    static List<Line> readAll(Path path, PrintWriter err) throws IOException {
        try (InputLines lines = open(path)) {
            List<Line> all = lines.next(Integer.MAX_VALUE);
            lines.ignored().print(path, err);
            return all;
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
        byte[] json = line.getBytes(StandardCharsets.UTF_8);
        try {
            var fields = RecordFields.read(JSON, json, RecordField.OF_CONTENT, ignored::add);
            fields.check();
            return new Line(number, ContentFields.content(fields, ContentLimits.NONE));
        } catch (UnusableRecordException e) {
            throw new IllegalArgumentException(path + " line " + number + ": " + e.getMessage(), e);
        }
    }

    /** The keys of the lines until now that no record has. */
    IgnoredKeys ignored() {
        return ignored;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
