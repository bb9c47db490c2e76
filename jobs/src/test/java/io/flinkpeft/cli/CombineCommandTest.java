package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CombineCommandTest {

    private static final Path FOLDER = TinyModels.golden().resolve("combine");
    private static final String TENSORS = "adapter_model.safetensors";

    @TempDir private Path dir;

    private Run combine(Path output, List<String> adapters, Object... more) {
        var args = new ArrayList<Object>();
        args.addAll(List.of("combine", "--model", FOLDER.resolve("tiny-gpt2")));
        args.addAll(List.of("--overwrite", "--output", output));
        adapters.forEach(name -> args.addAll(List.of("--adapter", FOLDER.resolve(name))));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private Run combine(Path output, Object... more) {
        return combine(output, List.of("a", "b"), more);
    }

    @Test
    void aWeightGoesWithItsAdapter() throws IOException {
        Path scaled = dir.resolve("scaled");
        assertThat(combine(scaled, "--weight", 1, "--weight", 0, "--type", "linear").code())
                .isZero();
        Path other = dir.resolve("other");
        assertThat(combine(other, "--weight", 0, "--weight", 1, "--type", "linear").code())
                .isZero();
        assertThat(Files.readAllBytes(scaled.resolve(TENSORS)))
                .isNotEqualTo(Files.readAllBytes(other.resolve(TENSORS)));
        assertThat(scaled.toFile().list())
                .containsExactlyInAnyOrder("adapter_config.json", TENSORS);
    }

    @Test
    void everyOptionIsHeeded() throws IOException {
        Path output = dir.resolve("out");
        Object[] options = {"--weight", 1, "--weight=-0.5", "--type", "dare_ties_svd"};
        List<byte[]> results = new ArrayList<>();
        for (List<Object> more :
                List.<List<Object>>of(
                        List.of("--density", 0.5),
                        List.of("--density", 0.9),
                        List.of("--density", 0.5, "--majority-sign", "frequency"),
                        List.of("--density", 0.5, "--svd-rank", 2),
                        List.of("--density", 0.5, "--svd-clamp", 0.8),
                        List.of("--density", 0.5, "--seed", 1))) {
            var all = new ArrayList<Object>(List.of(options));
            all.addAll(more);
            assertThat(combine(output, all.toArray()).err()).isEmpty();
            byte[] tensors = Files.readAllBytes(output.resolve(TENSORS));
            assertThat(results).noneMatch(before -> Arrays.equals(before, tensors));
            results.add(tensors);
        }
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        Object[] options = {
            "--weight", 1, "--weight", 1, "--type", "dare_linear", "--density", 0.5, "--seed", 3
        };
        combine(dir.resolve("one"), options);
        combine(dir.resolve("two"), options);
        assertThat(dir.resolve("one").resolve(TENSORS))
                .hasSameBinaryContentAs(dir.resolve("two").resolve(TENSORS));
    }

    @Test
    void theCombinedAdapterCanBeMerged() {
        Path output = dir.resolve("out");
        combine(output, "--weight", 1, "--weight", 1, "--type", "svd");
        assertThat(
                        Run.of(
                                        "merge",
                                        "--model",
                                        FOLDER.resolve("tiny-gpt2"),
                                        "--adapter",
                                        output,
                                        "--output",
                                        dir.resolve("merged"))
                                .code())
                .isZero();
    }

    @Test
    void whatIsWrongIsOneLine() {
        Path output = dir.resolve("out");
        assertThat(combine(output, "--weight", 1, "--type", "svd").failure())
                .isEqualTo("--weight [1.0] must be given once for each --adapter, which are 2.");
        assertThat(combine(output, "--weight", 1, "--weight", 1, "--type", "ties").failure())
                .isEqualTo("--density must be given for ties. Maybe use 0.5.");
        assertThat(combine(output, "--weight", 1, "--weight", 1, "--type", "mean").failure())
                .contains("--type", "mean", "DARE_TIES_SVD");
        assertThat(
                        combine(
                                        output,
                                        List.of("a", "c"),
                                        "--weight",
                                        1,
                                        "--weight",
                                        1,
                                        "--type",
                                        "linear")
                                .failure())
                .isEqualTo("Ranks [4, 2] must be equal for linear. Maybe use svd or cat.");
        assertThat(dir).isEmptyDirectory();
    }
}
