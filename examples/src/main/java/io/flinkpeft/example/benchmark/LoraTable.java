package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.benchmark.Comparison.Effort;
import io.flinkpeft.example.benchmark.Comparison.Result;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.targets.TargetModules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** LoRA of rank 8 on two sets of layers, on batches of many shapes. */
final class LoraTable {

    static final String NAME = "lora";

    private static final Effort EFFORT = new Effort(4, 1, 3, 1.5);

    private LoraTable() {}

    static void write(Path model, List<String> glosses, PeftPeer peer, Consumer<String> lines)
            throws IOException {
        Map<String, TargetModules> layers = new LinkedHashMap<>();
        layers.put("query+value", TargetModules.named("query", "value"));
        layers.put("all-linear", TargetModules.ALL_LINEAR);
        lines.accept("| targets | batch | ours, ms | PEFT, ms | PEFT's best | ratio |");
        lines.accept("|---|---|---|---|---|---|");
        for (var targets : layers.entrySet()) {
            var method = new LoraConfig(8, 16).withTargets(targets.getValue());
            var settings = PeerMethod.of(method).orElseThrow().settings();
            var comparison = new Comparison(peer, EFFORT);
            try (OwnStep own = new OwnStep(model, method, glosses)) {
                for (Shape shape : Shape.TABLE) {
                    Result result = comparison.compare(own, settings, shape);
                    lines.accept(
                            String.format(
                                    Locale.ROOT,
                                    "| %s | %s | %.1f (%s) | %.1f | %s | %.2f |",
                                    targets.getKey(),
                                    shape,
                                    result.ours(),
                                    own.dtype(),
                                    result.theirs(),
                                    result.best(),
                                    result.ratio()));
                }
            }
        }
    }
}
