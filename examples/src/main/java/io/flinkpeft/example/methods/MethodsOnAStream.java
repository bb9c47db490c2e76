package io.flinkpeft.example.methods;

import io.flinkpeft.example.Machine;
import io.flinkpeft.example.MarkedTable;
import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.model.ModelLocator;
import io.flinkpeft.train.HeadKind;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Question: what does each method make of the same real stream, and what does it cost? One adapter,
 * one pass, one thread, the base MiniLM; the stream is the quick start's, WordNet glosses in five
 * phases with classes of their own.
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
    private static final int MAX_TOKENS = 16;
    private static final int MAX_LABELS = 64;
    private static final double HEAD_RATE = 2e-3;
    // rates were tried on a stream of another seed, with this share of the examples
    private static final int SHARE_OF_RATES = 3;
    private static final List<Double> FACTORS = List.of(1. / 3, 1., 3.);

    @Option(
            names = "--examples",
            defaultValue = "3000",
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
    public Integer call() throws IOException {
        if (rates) {
            tryRates();
            return 0;
        }
        var table = new ArrayList<String>();
        add(
                table,
                "| method | trained values | rate | right, % | right in the last third, % |"
                        + " examples/s | state, bytes | version, bytes |");
        add(table, "|---|---|---|---|---|---|---|---|");
        GlossStream stream = GlossStream.of(WordNet.glosses(), examples, SEED);
        for (MethodCase method : methods(examples)) {
            add(table, row(method, StreamRun.of(config(method), stream.glosses())));
        }
        add(table, "");
        add(table, examples + " glosses. Machine: " + Machine.describe() + ".");
        if (document != null) {
            MarkedTable.replace(document, TABLE, table);
        }
        return 0;
    }

    private static void add(List<String> table, String line) {
        table.add(line);
        System.out.println(line);
    }

    private List<MethodCase> methods(int examples) {
        int steps = Math.max(8, examples / StreamRun.BATCH);
        return MethodCase.all(steps).stream().filter(m -> m.name().contains(only)).toList();
    }

    private TrainerConfig config(MethodCase method) {
        // the head alone has but the head's rate
        boolean headOnly = method.config() instanceof HeadOnly;
        double headRate = headOnly ? method.rate() : HEAD_RATE;
        OptimizerConfig adamw = OptimizerConfig.DEFAULT;
        return new TrainerConfig(
                model,
                method.config(),
                HeadKind.STREAM,
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
                method.rate(),
                100 * outcome.accuracy(),
                100 * outcome.lastThird(),
                outcome.examplesPerSecond(),
                outcome.stateBytes(),
                outcome.versionBytes());
    }

    private void tryRates() throws IOException {
        int length = examples / SHARE_OF_RATES;
        GlossStream stream = GlossStream.of(WordNet.glosses(), length, SEED_OF_RATES);
        for (MethodCase method : methods(length)) {
            var line = new StringBuilder(method.name());
            for (double factor : FACTORS) {
                MethodCase tried = method.withRate(method.rate() * factor);
                StreamRun.Outcome outcome = StreamRun.of(config(tried), stream.glosses());
                line.append(
                        String.format(
                                Locale.ROOT,
                                "  %.1e: %.1f",
                                tried.rate(),
                                100 * outcome.accuracy()));
            }
            System.out.println(line);
        }
    }
}
