package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.benchmark.Comparison.Effort;
import io.flinkpeft.example.benchmark.Comparison.Result;
import io.flinkpeft.example.methods.MethodCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A row a method: on real texts of their own lengths, and on a batch of one length. */
final class MethodsTable {

    static final String NAME = "methods";

    private static final int STEPS = 1000;
    private static final Effort EFFORT = new Effort(3, 0, 2, 1);
    private static final Shape SMALL = new Shape(8, Optional.of(32));
    private static final List<Shape> SHAPES =
            List.of(new Shape(32, Optional.empty()), new Shape(8, Optional.of(128)));

    private MethodsTable() {}

    /**
     * Measures all methods.
     *
     * @param texts a file of glosses; what is needed besides goes beside it
     */
    static void write(Path model, Path texts, PeftPeer peer, Consumer<String> lines)
            throws IOException {
        List<String> glosses = Files.readAllLines(texts);
        List<MethodCase> methods = new ArrayList<>(MethodCase.all(STEPS));
        methods.add(FreshFusion.of(model, texts.resolveSibling("fused")));
        var head = new StringBuilder("| method |");
        SHAPES.forEach(shape -> head.append(" " + shape + ": ours, ms | PEFT, ms | ratio |"));
        lines.accept(head + " PEFT's best |");
        lines.accept("|---|" + "---|---|---|".repeat(SHAPES.size()) + "---|");
        var comparison = new Comparison(peer, EFFORT);
        boolean narrowed = false;
        for (MethodCase method : methods) {
            Optional<PeerMethod> theirs = PeerMethod.of(method.config());
            if (!narrowed && theirs.isPresent()) {
                comparison.narrow(theirs.get().settings(), SMALL);
                narrowed = true;
            }
            try (OwnStep own = new OwnStep(model, method.config(), glosses)) {
                lines.accept("| " + method.name() + " |" + row(comparison, own, theirs));
            }
        }
    }

    private static String row(Comparison comparison, OwnStep own, Optional<PeerMethod> theirs)
            throws IOException {
        var row = new StringBuilder();
        Set<String> best = new LinkedHashSet<>();
        for (Shape shape : SHAPES) {
            if (theirs.isEmpty()) {
                row.append(cells(" %.1f | | |", comparison.alone(own, shape)));
            } else {
                Result result = comparison.compare(own, theirs.get().settings(), shape);
                row.append(
                        cells(
                                " %.1f | %.1f | %.2f |",
                                result.ours(), result.theirs(), result.ratio()));
                best.add(result.best().toString());
            }
        }
        String how = theirs.isEmpty() ? "has none" : String.join("; ", best);
        String plain = theirs.isPresent() && theirs.get().plain() ? "PyTorch alone, " : "";
        return row + " " + plain + how + " |";
    }

    private static String cells(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
