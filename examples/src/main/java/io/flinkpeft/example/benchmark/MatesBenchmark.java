package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.Machine;
import io.flinkpeft.example.MarkedTable;
import io.flinkpeft.model.ModelLocator;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Question: what does it cost that an adapter's batch mates change nothing of what it learns? The
 * same step with kernels that do not care, in turns: attention of all texts padded to the longest
 * of the batch, one product of LoRA for the tokens of all adapters, and both. The fastest counts.
 *
 * <pre>{@code
 * examples/benchmarks/mates.sh
 * }</pre>
 *
 * <p>The table goes to {@code docs/benchmarks.md}. The other kernels are the product's with the
 * functions in {@code examples/benchmarks/careless} in place of its own; they are in no jar.
 */
public final class MatesBenchmark {

    private static final String TABLE = "mates";
    private static final int ROUNDS = 5;
    private static final int WARMUP = 1;
    private static final int STEPS = 3;
    private static final double TOLERANCE = 1e-3;
    private static final String KERNELS = "io/flinkpeft/kernels/";

    /**
     * A joint step.
     *
     * @param adapters that share it
     * @param texts of each
     * @param words of each text; 0: glosses of their own lengths
     */
    private record Case(int adapters, int texts, int words) {
        String name() {
            return adapters + " x " + texts + (words == 0 ? " glosses" : " texts of 128 tokens");
        }
    }

    private static final List<Case> CASES =
            List.of(
                    new Case(1, 32, 0),
                    new Case(4, 8, 0),
                    new Case(8, 4, 0),
                    new Case(32, 4, 0),
                    new Case(1, 8, 126),
                    new Case(8, 1, 126));

    private MatesBenchmark() {}

    /**
     * Prints the table and puts it into the document.
     *
     * @param args the folder of the careless functions, a file of texts, the document
     */
    public static void main(String[] args) throws IOException {
        Path careless = Path.of(args[0]);
        var peers = new LinkedHashMap<String, Peer>();
        try {
            peers.put("", Peer.start(null, args[1]));
            peers.put("attention", Peer.start(kernels(careless, true, false), args[1]));
            peers.put("LoRA", Peer.start(kernels(careless, false, true), args[1]));
            peers.put("both", Peer.start(kernels(careless, true, true), args[1]));
            var table = new ArrayList<String>();
            add(table, "| adapters x texts | ours, ms | careless, ms | careless about | ratio |");
            add(table, "|---|---|---|---|---|");
            for (Case step : CASES) {
                add(table, row(step, peers));
            }
            add(table, "");
            add(table, "Machine: " + Machine.describe() + ".");
            MarkedTable.replace(Path.of(args[2]), TABLE, table);
        } finally {
            for (Peer peer : peers.values()) {
                peer.close();
            }
        }
    }

    private static void add(List<String> table, String line) {
        table.add(line);
        System.out.println(line);
    }

    private static String row(Case step, Map<String, Peer> peers) throws IOException {
        var millis = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round < ROUNDS; round++) {
            double loss = Double.NaN;
            for (var peer : peers.entrySet()) {
                double[] answer = peer.getValue().run(step);
                millis.computeIfAbsent(peer.getKey(), key -> new ArrayList<>()).add(answer[0]);
                if (peer.getKey().isEmpty()) {
                    loss = answer[1];
                } else if (!(Math.abs(answer[1] - loss) <= TOLERANCE * Math.abs(loss))) {
                    throw new IllegalStateException(
                            "Loss (" + answer[1] + ") must be about " + loss + ".");
                }
            }
        }
        double ours = median(millis.remove(""));
        String best = "";
        double theirs = Double.POSITIVE_INFINITY;
        for (var peer : millis.entrySet()) {
            double median = median(peer.getValue());
            if (median < theirs) {
                theirs = median;
                best = peer.getKey();
            }
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %s | %.2f |",
                step.name(),
                ours,
                theirs,
                best,
                ours / theirs);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** A class path whose kernels go before the product's. */
    private static Path kernels(Path careless, boolean attention, boolean lora) throws IOException {
        Path root = Files.createTempDirectory("careless");
        Path folder = Files.createDirectories(root.resolve(KERNELS));
        String step = product("step.py");
        if (attention) {
            String text = Files.readString(careless.resolve("batch.py"));
            step =
                    replace(
                            step,
                            "adapted), batch, adapters",
                            "adapted), self.one_group(batch), adapters");
            step += "\n" + text;
        }
        if (lora) {
            String cut = "  params = self.params(leaves, adapted)\n";
            String owned = "  params = self.owned(params, batch.tokens_per_adapter)\n";
            step = replace(step, cut, cut + owned);
            step += "\n" + Files.readString(careless.resolve("cut.py"));
            String product = product("lora.py");
            String text = Files.readString(careless.resolve("lora.py"));
            Files.writeString(
                    folder.resolve("lora.py"), replace(product, function(product, "linear"), text));
        }
        Files.writeString(folder.resolve("step.py"), step);
        return root;
    }

    private static String product(String file) throws IOException {
        try (InputStream in = MatesBenchmark.class.getResourceAsStream("/" + KERNELS + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The text of a function, up to the empty line behind it. */
    private static String function(String kernel, String name) {
        int from = kernel.indexOf("def " + name + "(");
        return kernel.substring(from, kernel.indexOf("\n\n", from) + 1);
    }

    private static String replace(String kernel, String before, String after) {
        if (!kernel.contains(before)) {
            throw new IllegalStateException("Kernel must contain: " + before);
        }
        return kernel.replace(before, after);
    }

    /** A JVM of its own, which has one kernel. */
    private record Peer(Process process, Writer cases, BufferedReader answers) {

        static Peer start(Path kernels, String texts) throws IOException {
            String classes = System.getProperty("java.class.path");
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx512m",
                                    "-cp",
                                    kernels == null
                                            ? classes
                                            : kernels + File.pathSeparator + classes,
                                    MatesStep.class.getName(),
                                    ModelLocator.locate(ModelLocator.MINI_LM).toString(),
                                    texts)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            return new Peer(
                    process,
                    new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8),
                    process.inputReader(StandardCharsets.UTF_8));
        }

        double[] run(Case step) throws IOException {
            cases.write(
                    String.format(
                            "%d %d %d %d %d%n",
                            step.adapters(), step.texts(), step.words(), WARMUP, STEPS));
            cases.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("A peer ended before it answered " + step.name() + ".");
            }
            String[] numbers = line.split(" ");
            return new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])};
        }

        void close() {
            process.destroy();
        }
    }
}
