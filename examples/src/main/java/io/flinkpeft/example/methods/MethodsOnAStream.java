package io.flinkpeft.example.methods;

import io.flinkpeft.example.Machine;
import io.flinkpeft.example.MarkedTable;
import io.flinkpeft.example.wordnet.Gloss;
import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Question: what does each method make of the same real stream, and what does it cost? One adapter
 * a method, one pass, one thread each, two methods at a time; the base is MiniLM, the stream the
 * quick start's: WordNet glosses in five phases with classes of their own.
 *
 * <pre>{@code
 * examples/methods.sh
 * }</pre>
 *
 * <p>The result goes to {@code docs/methods/on-a-stream.md}.
 */
@Command(
        name = "methods",
        mixinStandardHelpOptions = true,
        description = "Trains one adapter of every method on the same stream, and compares them.")
public final class MethodsOnAStream implements Callable<Integer> {

    /** The name of the table in the document. */
    static final String TABLE = "methods on a stream";

    private static final long SEED = 7;
    private static final long SEED_OF_RATES = 8;
    private static final int THREADS = 2;
    private static final int MIN_STEPS = 8;
    private static final int MAX_TOKENS = 16;
    private static final int MAX_LABELS = 64;
    // rates were tried on a stream of another seed, with this share of the examples
    private static final int SHARE_OF_RATES = 3;
    private static final List<Double> FACTORS = List.of(1. / 3, 1., 3.);

    @Option(
            names = "--examples",
            defaultValue = "4000",
            description = "Length of the stream. Default: ${DEFAULT-VALUE}.")
    private int examples;

    @Option(
            names = "--model",
            defaultValue = ModelLocator.MINI_LM,
            description =
                    "The base: a Hugging Face directory, or the name of one on the class path."
                            + " Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(names = "--method", description = "Only methods whose name contains this.")
    private String only = "";

    @Option(
            names = "--head-rate",
            defaultValue = "0.006",
            description = "AdamW's rate for every method's head. Default: ${DEFAULT-VALUE}.")
    private double headRate;

    @Option(
            names = "--rates",
            description =
                    "Instead, tries a third of each method's rate, the rate and three times the"
                            + " rate, on a third of the examples in another order.")
    private boolean rates;

    @Option(names = "--write", description = "A document whose table is replaced.")
    private Path document;

    private MethodsOnAStream() {}

    /** Runs and ends the JVM. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new MethodsOnAStream()).execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int length = rates ? examples / SHARE_OF_RATES : examples;
        List<Gloss> glosses =
                GlossStream.of(WordNet.glosses(), length, rates ? SEED_OF_RATES : SEED).glosses();
        List<MethodCase> methods =
                MethodCase.all(Math.max(MIN_STEPS, length / StreamRun.BATCH)).stream()
                        .filter(method -> method.name().contains(only))
                        .toList();
        if (rates) {
            inOrder(methods, method -> rates(method, glosses), System.out::println);
        } else {
            writeTable(methods, glosses);
        }
        return 0;
    }

    private void writeTable(List<MethodCase> methods, List<Gloss> glosses)
            throws IOException, InterruptedException {
        var table = new ArrayList<String>();
        add(
                table,
                "| method | trained values | rate | right, % | right in the last third, % |"
                        + " examples/s | state, bytes | version, bytes |");
        add(table, "|---|---|---|---|---|---|---|---|");
        inOrder(
                methods,
                method -> row(method, StreamRun.of(config(method), glosses)),
                row -> add(table, row));
        add(table, "");
        add(table, examples + " glosses. Machine: " + Machine.describe() + ".");
        if (document != null) {
            MarkedTable.replace(document, TABLE, table);
        }
    }

    private interface Work {
        String on(MethodCase method) throws IOException;
    }

    /** Works on two methods at a time; what comes of them is told in their order. */
    private static void inOrder(List<MethodCase> methods, Work work, Consumer<String> told)
            throws IOException, InterruptedException {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (MethodCase method : methods) {
                results.add(threads.submit(() -> work.on(method)));
            }
            for (Future<String> result : results) {
                told.accept(result.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("A method failed: " + e.getCause().getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void add(List<String> table, String line) {
        table.add(line);
        System.out.println(line);
    }

    private TrainerConfig config(MethodCase method) {
        OptimizerConfig adamw = OptimizerConfig.DEFAULT;
        return new TrainerConfig(
                model,
                method.config(),
                new StreamTask(),
                List.of(),
                MAX_LABELS,
                MAX_TOKENS,
                new OptimizerConfig(
                        method.rate(),
                        headRate,
                        adamw.weightDecay(),
                        adamw.beta1(),
                        adamw.beta2(),
                        adamw.epsilon(),
                        adamw.clipNorm()),
                "cpu",
                "fp32",
                SEED);
    }

    private static String row(MethodCase method, StreamRun.Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | %.1f | %.1f | %.0f | %,d | %,d |",
                method.name(),
                outcome.trained(),
                plain(method.rate()),
                100 * outcome.accuracy(),
                100 * outcome.lastThird(),
                outcome.examplesPerSecond(),
                outcome.stateBytes(),
                outcome.versionBytes());
    }

    private static String plain(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }

    private String rates(MethodCase method, List<Gloss> glosses) throws IOException {
        var line = new StringBuilder(method.name());
        for (double factor : FACTORS) {
            MethodCase tried = method.withRate(method.rate() * factor);
            double accuracy = StreamRun.of(config(tried), glosses).accuracy();
            line.append(String.format(Locale.ROOT, "  %.1e: %.1f", tried.rate(), 100 * accuracy));
        }
        return line.toString();
    }
}
