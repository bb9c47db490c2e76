package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AdapterHub's settings and directories on the command line: train, predict, inspect. */
class AdapterHubCommandsTest {

    private static final Path DATA = TinyModels.golden().resolve("train.jsonl");

    private static final String SEQ_BN =
            """
            {"config": {"mh_adapter": false, "output_adapter": true, "original_ln_before": true,
              "reduction_factor": 4, "non_linearity": "relu", "inv_adapter": %s,
              "inv_adapter_reduction_factor": 2},
             "name": "%s", "model_type": "bert", "version": "adapters.1.2.0"}
            """;

    @TempDir private Path dir;

    private Path settings(String name, String json) throws IOException {
        return Files.writeString(dir.resolve(name + ".json"), json);
    }

    private Path trained(String name, String invertible) throws IOException {
        Path config = settings(name, SEQ_BN.formatted(invertible, name));
        return train(name, "--config", config);
    }

    private Path train(String name, Object... more) {
        Path output = dir.resolve(name);
        Object[] args = {
            "train",
            "--model",
            TinyModels.bert(),
            "--input",
            DATA,
            "--output",
            output,
            "--learning-rate",
            "1e-2"
        };
        Object[] all = new Object[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        Run run = Run.of(all);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return output;
    }

    private void predicts(Path adapter) throws IOException {
        Path output = dir.resolve("out.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--overwrite",
                        "--model",
                        TinyModels.bert(),
                        "--adapter",
                        adapter,
                        "--input",
                        DATA,
                        "--output",
                        output);
        assertThat(run.err()).isEmpty();
        assertThat(Files.readAllLines(output)).hasSameSizeAs(Files.readAllLines(DATA));
    }

    @Test
    void whatStartsFromAdapterHubsSettingsIsWrittenAsItsDirectory() throws IOException {
        Path a = trained("a", "null");
        assertThat(a.resolve("adapter.safetensors")).exists();
        assertThat(a.resolve("model_head.safetensors")).exists();
        predicts(a);
        assertThat(Run.of("inspect", a).out())
                .contains("method: BOTTLENECK", "adapters.a.adapter_down.0.weight: F32 [");
        // and goes on from it
        assertThat(train("b", "--adapter", a).resolve("adapter.safetensors")).exists();
        Path peft = train("c", "--adapter", a, "--format", "peft");
        assertThat(peft.resolve("adapter_model.safetensors")).exists();
        predicts(peft);
    }

    @Test
    void aTaskAdapterStandsOnALanguageAdapter() throws IOException {
        Path language = trained("lang", "\"nice\"");
        Path config =
                settings(
                        "stack",
                        """
                        {"peft_type": "BOTTLENECK", "task_type": "SEQ_CLS", "name": "task",
                         "output_adapter": true, "original_ln_before": true,
                         "beneath": ["%s"]}
                        """
                                .formatted(language));
        Path stack = train("stack", "--config", config, "--format", "adapterhub");
        assertThat(stack.resolve("adapter_setup.json")).exists();
        predicts(stack);
    }

    @Test
    void aFusionAttendsToAdaptersOfDirectories() throws IOException {
        Path config =
                settings(
                        "fusion",
                        """
                        {"peft_type": "ADAPTER_FUSION", "task_type": "SEQ_CLS",
                         "adapters": ["%s", "%s"]}
                        """
                                .formatted(trained("a", "null"), trained("b", "null")));
        predicts(train("ours", "--config", config));
        Path hub = train("hub", "--config", config, "--format", "adapterhub");
        assertThat(hub.resolve("a,b/model_adapter_fusion.safetensors")).exists();
        predicts(hub);
        assertThat(Run.of("inspect", hub).out()).contains("method: ADAPTER_FUSION");
    }
}
