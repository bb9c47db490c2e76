package io.flinkpeft.example.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Hugging Face PEFT in a Python process that answers a case a line; it stays open between cases.
 */
final class PeftPeer implements AutoCloseable {

    /** How a case may be run: PEFT's fastest counts. */
    record Variant(String dtype, String attention) {

        @Override
        public String toString() {
            return dtype + ", " + attention;
        }
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final Writer cases;
    private final BufferedReader answers;

    PeftPeer(String python, Path script, Path model, Path texts) throws IOException {
        process =
                new ProcessBuilder(
                                python,
                                script.toString(),
                                model.toString(),
                                "--texts",
                                texts.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        cases = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The median milliseconds of a step. */
    double median(Shape shape, ObjectNode method, Variant variant, int warmup, int iterations)
            throws IOException {
        ObjectNode json = method.deepCopy();
        json.put("batch", shape.rows());
        shape.tokens()
                .ifPresentOrElse(n -> json.put("tokens", n), () -> json.put("tokens", "texts"));
        json.put("dtype", variant.dtype());
        json.put("attention", variant.attention());
        json.put("labels", StepBenchmark.LABELS);
        json.put("warmup", warmup);
        json.put("iterations", iterations);
        cases.write(json + "\n");
        cases.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("The peer ended before it answered " + json + ".");
        }
        JsonNode answer = MAPPER.readTree(line);
        if (answer.has("error")) {
            throw new IOException("The peer could not run " + json + ": " + answer.get("error"));
        }
        return answer.get("median_ms").asDouble();
    }

    @Override
    public void close() throws IOException {
        cases.close();
        process.destroy();
    }
}
