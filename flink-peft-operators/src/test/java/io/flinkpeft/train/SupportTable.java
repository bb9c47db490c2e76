package io.flinkpeft.train;

import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which method can be trained on which architecture for which task: asked of the engine itself. */
final class SupportTable {

    /** Every method, by the name in the table. */
    static final Map<String, PeftConfig> METHODS = new LinkedHashMap<>();

    private static final PeftConfig NONE = new HeadOnly();
    private static final Cloze CLOZE =
            new Cloze("{text} [MASK]", Map.of("good", List.of("a"), "bad", List.of("the")));

    static {
        LoraConfig lora = new LoraConfig(2, 4);
        var plain = LoraVariant.DEFAULT;
        METHODS.put("LoRA", lora);
        METHODS.put("LoRA, all linear layers", lora.withTargets(TargetModules.ALL_LINEAR));
        METHODS.put("DoRA", lora.withVariant(plain.withForm(LoraForm.DORA)));
        METHODS.put("LoRA, optimizer form", lora.withVariant(plain.withForm(LoraForm.OPTIMIZER)));
        METHODS.put("PiSSA", lora.withInitialization(Initialization.PISSA));
        METHODS.put("AdaLoRA", AdaLoraConfig.of(new BudgetSchedule(100)));
        METHODS.put("(IA)³", Ia3Config.DEFAULT);
        METHODS.put("prompt tuning", new PromptTuningConfig(3));
        METHODS.put("P-tuning", new PTuningConfig(3));
        METHODS.put(
                "prompt tuning, FIRST_REAL",
                new PromptTuningConfig(3).withPooled(PooledToken.FIRST_REAL));
        METHODS.put(
                "P-tuning, FIRST_REAL", new PTuningConfig(3).withPooled(PooledToken.FIRST_REAL));
        METHODS.put("prefix tuning", new PrefixTuningConfig(3));
        METHODS.put(
                "prefix tuning, EVERY_ATTENTION",
                new PrefixTuningConfig(3).withScope(PrefixScope.EVERY_ATTENTION));
        METHODS.put("bottleneck adapters", BottleneckConfig.of(Placement.PFEIFFER));
        METHODS.put("BitFit", new BitFitConfig());
        METHODS.put("Freeze", new FreezeConfig(1));
        METHODS.put("full fine-tuning", new FullConfig());
        METHODS.put("head only", NONE);
    }

    private final List<String> reasons = new ArrayList<>();
    private final Map<String, String> withoutMethod = new HashMap<>();
    private final Map<String, List<GoldenCase>> models = new TreeMap<>();

    /** With the models of the golden grid. */
    SupportTable() {
        for (GoldenCase golden : GoldenCase.all()) {
            if (golden.toString().endsWith(" lora")) {
                String type = TinyModels.gridModel(golden.architecture()).config().modelType();
                models.computeIfAbsent(type, key -> new ArrayList<>()).add(golden);
            }
        }
    }

    /** The text of the document. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                # Support

                Which method can be trained on which architecture for which `head.kind`. `SupportTableTest` writes this file from what
                the engine itself attaches or refuses; a number is a refusal, in the engine's words below. `xlm-roberta` is as `roberta`.
                AdapterFusion is made of trained bottleneck adapters and goes where they go.
                """);
        for (Task kind : Tasks.all()) {
            text.append("\n## ")
                    .append(kind.name())
                    .append(" (")
                    .append(kind.peftType())
                    .append(")\n\n");
            text.append("| method |");
            models.keySet().forEach(type -> text.append(' ').append(type).append(" |"));
            text.append("\n|---").append("|---".repeat(models.size())).append("|\n");
            METHODS.forEach(
                    (name, method) -> {
                        text.append("| ").append(name).append(" |");
                        models.keySet().forEach(type -> text.append(cell(type, kind, method)));
                        text.append('\n');
                    });
        }
        text.append("\n## Refusals\n\n");
        for (int i = 0; i < reasons.size(); i++) {
            text.append(i + 1).append(". ").append(reasons.get(i)).append('\n');
        }
        return text.toString();
    }

    private String cell(String type, Task kind, PeftConfig method) {
        Path model = model(type, kind);
        // a head that the family lacks is refused with every method
        String reason =
                withoutMethod.computeIfAbsent(type + kind.name(), k -> refusal(model, kind, NONE));
        if (reason.isEmpty() && method != NONE) {
            reason = refusal(model, kind, method);
        }
        if (reason.isEmpty()) {
            return " yes |";
        }
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
        return " " + (reasons.indexOf(reason) + 1) + " |";
    }

    /** The checkpoint with that head, or else the family's first. */
    private Path model(String type, Task kind) {
        List<GoldenCase> all = models.get(type);
        Path masked = all.get(0).model().resolveSibling("../" + type + "-mlm/model").normalize();
        if (kind.name().equals(ClozeTask.NAME) && Files.exists(masked)) {
            return masked;
        }
        return Stream.of(
                        all.stream().filter(own -> own.head().name().equals(kind.name())),
                        // a checkpoint that does not say what its head is for
                        all.stream()
                                .filter(own -> own.head().name().equals(CheckpointTask.NAME))
                                .filter(own -> own.head().peftType() == kind.peftType()),
                        all.stream())
                .flatMap(cases -> cases)
                .findFirst()
                .orElseThrow()
                .model();
    }

    private static String refusal(Path model, Task kind, PeftConfig method) {
        TrainerConfig plain = TrainerConfig.of(model.toString(), method).withDtype("fp32");
        TrainerConfig config =
                kind.name().equals(ClozeTask.NAME)
                        ? plain.withTask(new ClozeTask(CLOZE))
                        : plain.withTask(kind);
        try (TrainingSetup setup = TrainingSetup.of(config)) {
            setup.initialRow("a", setup.rowLayout(setup.initialLabels().size()));
            return "";
        } catch (IllegalArgumentException e) {
            return e.getMessage().replace(model.toString(), "MODEL");
        }
    }
}
