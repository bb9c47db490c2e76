package io.flinkpeft.cli;

import io.flinkpeft.merge.AdapterCombination;
import io.flinkpeft.merge.CombinationConfig;
import io.flinkpeft.merge.CombinationType;
import io.flinkpeft.merge.MajoritySign;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes one adapter of several. */
@Command(
        name = "combine",
        mixinStandardHelpOptions = true,
        description = {
            "Combines adapters of one model, each with a weight, into one PEFT directory.",
            "Each --adapter has its --weight, in the same order."
        })
final class CombineCommand implements Callable<Integer> {

    private static final Set<String> FILES = Set.of(PeftDirectory.CONFIG, PeftDirectory.TENSORS);

    @Spec private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The base model: a Hugging Face directory.")
    private String model;

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "DIR",
            description = "A PEFT directory; several times.")
    private List<Path> adapters;

    @Option(
            names = "--weight",
            required = true,
            paramLabel = "W",
            description = "An adapter's weight; may be negative.")
    private List<Double> weights;

    @Option(
            names = "--type",
            required = true,
            paramLabel = "TYPE",
            description = "One of ${COMPLETION-CANDIDATES}, as in PEFT; IA3 adapters: linear.")
    private CombinationType type;

    @Option(
            names = "--density",
            paramLabel = "D",
            description = "The share of values that stay, for ties, dare and magnitude_prune.")
    private Double density;

    @Option(
            names = "--majority-sign",
            paramLabel = "total|frequency",
            description = "Which sign wins in ties; default total.")
    private MajoritySign majoritySign;

    @Option(
            names = "--svd-rank",
            paramLabel = "R",
            description = "The rank of an svd type; default the largest of the adapters.")
    private Integer svdRank;

    @Option(
            names = "--svd-clamp",
            paramLabel = "Q",
            description = "Clamps the factors of an svd type to this quantile of their values.")
    private Double svdClamp;

    @Option(names = "--seed", paramLabel = "N", description = "Of dare's random masks; default 0.")
    private Long seed;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "The combined adapter.")
    private Path output;

    @Mixin private Overwriting overwriting;

    @Override
    public Integer call() throws IOException {
        if (adapters.size() != weights.size()) {
            throw new IllegalArgumentException(
                    "--weight "
                            + weights
                            + " must be given once for each --adapter, which are "
                            + adapters.size()
                            + ".");
        }
        List<AdapterCombination.Weighted> weighted = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            weighted.add(new AdapterCombination.Weighted(adapters.get(i), weights.get(i)));
        }
        CombinationConfig config = config();
        Path base = ModelLocator.locate(model);
        Overwriting.checkInputs("--output", output, Map.of("--adapter", adapters));
        try (var directory = OutputDirectory.create(output, FILES, overwriting)) {
            var notes = AdapterCombination.combine(base, weighted, config, directory.path());
            directory.commit();
            notes.forEach(spec.commandLine().getErr()::println);
        }
        AdapterNotes.forPeftAlone(
                PeftDirectory.read(output).adapter().config(), spec.commandLine().getErr());
        for (Path adapter : adapters) {
            AdapterNotes.anotherBase(adapter, base, spec.commandLine().getErr());
            AdapterNotes.streamHeadLeftOut(adapter, spec.commandLine().getErr());
        }
        return 0;
    }

    /** The same settings under the names of the options. */
    private CombinationConfig config() {
        refuseUnused("--density", density, type.needsDensity());
        refuseUnused("--majority-sign", majoritySign, type.election());
        refuseUnused("--svd-rank", svdRank, type.svd());
        refuseUnused("--svd-clamp", svdClamp, type.svd());
        refuseUnused("--seed", seed, type.random());
        try {
            return new CombinationConfig(
                    type,
                    density == null ? OptionalDouble.empty() : OptionalDouble.of(density),
                    majoritySign == null ? MajoritySign.TOTAL : majoritySign,
                    svdRank == null ? OptionalInt.empty() : OptionalInt.of(svdRank),
                    svdClamp == null ? OptionalDouble.empty() : OptionalDouble.of(svdClamp),
                    seed == null ? 0 : seed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage().replace("combine.", "--"), e);
        }
    }

    private void refuseUnused(String option, Object value, boolean used) {
        if (value != null && !used) {
            throw new IllegalArgumentException(
                    option
                            + " ("
                            + value.toString().toLowerCase(Locale.ROOT)
                            + ") must be absent, as --type "
                            + type.peftName()
                            + " does not use it.");
        }
    }
}
