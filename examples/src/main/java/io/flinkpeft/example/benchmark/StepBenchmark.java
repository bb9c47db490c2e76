package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.Machine;
import io.flinkpeft.example.MarkedTable;
import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Question: how long is one training step, ours against Hugging Face PEFT's, on the same MiniLM,
 * the same batch and one thread each? Both run in turns, so that what else the machine does hits
 * both; PEFT's fastest of fp32, bf16 weights and autocast with sdpa and eager attention counts.
 *
 * <pre>{@code
 * examples/benchmarks/run.sh PYTHON lora methods
 * }</pre>
 *
 * <p>The tables go to {@code docs/benchmarks.md}.
 */
public final class StepBenchmark {

    static final int LABELS = 45;

    private static final int INPUTS = 4;
    private static final Set<String> TABLES = Set.of(LoraTable.NAME, MethodsTable.NAME);

    private StepBenchmark() {}

    /**
     * Prints tables and puts them into the document.
     *
     * @param args the Python with PEFT, the peer's script, a file of texts, the document, then the
     *     tables: {@code lora}, {@code methods}
     */
    public static void main(String[] args) throws IOException {
        List<String> tables =
                Arrays.asList(args).subList(Math.min(INPUTS, args.length), args.length);
        if (tables.isEmpty() || !TABLES.containsAll(tables)) {
            throw new IllegalArgumentException(
                    "Arguments "
                            + Arrays.toString(args)
                            + " must be PYTHON PEER.py TEXTS.txt DOCUMENT.md and tables of "
                            + TABLES
                            + ".");
        }
        Path model = ModelLocator.locate(ModelLocator.MINI_LM);
        Path texts = Path.of(args[2]);
        try (PeftPeer peer = new PeftPeer(args[0], Path.of(args[1]), model, texts)) {
            for (String table : tables) {
                List<String> lines = new ArrayList<>();
                if (table.equals(LoraTable.NAME)) {
                    LoraTable.write(
                            model, Files.readAllLines(texts), peer, line -> add(lines, line));
                } else {
                    MethodsTable.write(model, texts, peer, line -> add(lines, line));
                }
                add(lines, "");
                add(lines, "Machine: " + Machine.describe() + ".");
                MarkedTable.replace(Path.of(args[3]), table, lines);
            }
        }
    }

    private static void add(List<String> lines, String line) {
        lines.add(line);
        System.out.println(line);
    }
}
