package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.Seq2SeqLmTask;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.testing.TrainedAdapters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** AdapterHub's directories, out and in again. */
class AdapterHubTest {

    private static final BottleneckConfig PFEIFFER =
            BottleneckConfig.of(Placement.PFEIFFER).withReduction(4);

    @TempDir private Path dir;

    private static Path model(String architecture) {
        return TinyModels.golden().resolve("grid/" + architecture + "/model");
    }

    private Path write(String architecture, PeftConfig config, Task head) throws IOException {
        Path directory = dir.resolve("out");
        try (OnlineTrainer trainer = trainer(architecture, config, head)) {
            trainer.exportAdapterHub(
                    trainer.restore(TrainedAdapters.moved(trainer, "a")), directory);
        }
        return directory;
    }

    private static OnlineTrainer trainer(String architecture, PeftConfig config, Task head) {
        TaskType task = head.equals(new CheckpointTask()) ? TaskType.SEQ_CLS : TaskType.UNSPECIFIED;
        return OnlineTrainer.open(
                TrainerConfig.of(model(architecture).toString(), config.withTaskType(task))
                        .withTask(head)
                        .withDtype("fp32"));
    }

    @ParameterizedTest
    @CsvSource({
        "bert, bert.encoder.layer.0.attention.output.adapters.x.adapter_down.0.weight",
        "roberta, roberta.encoder.layer.0.attention.output.adapters.x.adapter_down.0.weight",
        "deberta-v2, deberta.encoder.layer.0.attention.output.adapters.x.adapter_down.0.weight",
        "gpt2, transformer.h.0.attention_adapters.adapters.x.adapter_down.0.weight",
        "llama, model.layers.0.attention_adapters.adapters.x.adapter_down.0.weight"
    })
    void tensorsHaveAdapterHubsNames(String architecture, String name) throws IOException {
        boolean decoder = !architecture.contains("bert");
        BottleneckConfig config = BottleneckConfig.of(Placement.HOULSBY).withName("x");
        Path out =
                write(
                        architecture,
                        config.withReduction(4).withInvertible(2),
                        decoder ? new CausalLmTask() : new CheckpointTask());
        var tensors = SafetensorsFile.open(out.resolve("adapter.safetensors")).tensors();
        String prefix = name.substring(0, name.indexOf('.') + 1);
        assertThat(tensors)
                .containsKeys(
                        name,
                        name.replace("attention_adapters", "output_adapters")
                                .replace("attention.output", "output"),
                        prefix + "invertible_adapters.x.F.0.weight",
                        prefix + "invertible_adapters.x.G.2.bias");
        assertThat(tensors.keySet()).allMatch(n -> n.startsWith(prefix));
        assertThat(Files.exists(out.resolve("head_config.json"))).isEqualTo(!decoder);
    }

    @ParameterizedTest
    @CsvSource({
        "t5, encoder.block.0.layer.1.adapters.x.adapter_up.bias",
        "t5, decoder.block.1.layer.2.adapters.x.adapter_up.bias",
        "bart, model.encoder.layers.0.output_adapters.adapters.x.adapter_up.bias",
        "bart, model.decoder.layers.1.output_adapters.adapters.x.adapter_up.bias"
    })
    void bothSidesOfEncoderDecodersHaveAdapterHubsNames(String architecture, String name)
            throws IOException {
        Path out = write(architecture, PFEIFFER.withName("x"), new Seq2SeqLmTask());
        assertThat(SafetensorsFile.open(out.resolve("adapter.safetensors")).tensors())
                .containsKey(name);
    }

    @Test
    void anInvertibleAdapterOfAnEncoderDecoderIsRefused() {
        var config = PFEIFFER.withInvertible(2);
        assertThatThrownBy(() -> write("t5", config, new Seq2SeqLmTask()))
                .hasMessageContaining("must be off on an encoder-decoder");
    }

    @Test
    void theSettingsAreAdapterHubs() throws IOException {
        Path out = write("bert", PFEIFFER.withName("x").withInvertible(2), new CheckpointTask());
        JsonNode json = TinyModels.json(out.resolve("adapter_config.json"));
        assertThat(json.get("name").asText()).isEqualTo("x");
        assertThat(json.get("model_type").asText()).isEqualTo("bert");
        assertThat(json.get("version").asText()).isEqualTo("adapters.1.2.0");
        assertThat(json.has("peft_type")).isFalse();
        JsonNode config = json.get("config");
        assertThat(config.get("original_ln_before").asBoolean()).isTrue();
        assertThat(config.get("inv_adapter").asText()).isEqualTo("nice");
        assertThat(config.get("reduction_factor").asInt()).isEqualTo(4);
        assertThat(config.size()).isEqualTo(32);
        JsonNode head = TinyModels.json(out.resolve("head_config.json"));
        assertThat(head.get("config").isNull()).isTrue();
        assertThat(head.get("model_class").asText()).isEqualTo("BertForSequenceClassification");
        assertThat(head.get("num_labels").asInt()).isEqualTo(head.get("label2id").size());
    }

    static Stream<PeftConfig> methods() {
        return Stream.of(
                BottleneckConfig.of(Placement.HOULSBY).withReduction(4),
                PFEIFFER.withInvertible(2).withLeaveOut(List.of(0)),
                BottleneckConfig.of(Placement.PARALLEL));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whatIsWrittenPredictsTheSame(PeftConfig config) throws IOException {
        predictsTheSame(config);
    }

    @Test
    void aStackIsASetupOfItsAdapters() throws IOException {
        FrozenAdapter lowest = frozen(PFEIFFER.withName("lang").withInvertible(2));
        predictsTheSame(PFEIFFER.withName("task").on(lowest));
        assertThat(dir.resolve("out/adapter_setup.json")).content().contains("\"Stack\"");
        assertThat(dir.resolve("out/lang/adapter.safetensors")).exists();
    }

    @Test
    void aFusionIsASetupOfItsAdapters() throws IOException {
        FrozenAdapter a = frozen(PFEIFFER.withName("a"));
        FrozenAdapter b = frozen(PFEIFFER.withName("b"));
        predictsTheSame(FusionConfig.of(List.of(a, b)));
        Path own = dir.resolve("out/a,b");
        JsonNode json = TinyModels.json(own.resolve("adapter_fusion_config.json"));
        assertThat(json.get("name").asText()).isEqualTo("a,b");
        assertThat(json.get("config").get("value_initialized").asBoolean()).isTrue();
        assertThat(SafetensorsFile.open(own.resolve("model_adapter_fusion.safetensors")).tensors())
                .containsKey("bert.encoder.layer.1.output.adapter_fusion_layer.a,b.value.weight");
    }

    private FrozenAdapter frozen(BottleneckConfig config) {
        return TrainedAdapters.frozen(dir.resolve("in"), model("bert"), config);
    }

    private void predictsTheSame(PeftConfig config) throws IOException {
        Path out = write("bert", config, new CheckpointTask());
        try (OnlineTrainer trainer = trainer("bert", config, new CheckpointTask());
                ModelPredictor predictor =
                        ModelPredictor.open(model("bert").toString(), "cpu", "fp32", 64);
                var read = (ServingRow) predictor.load("a", out)) {
            LiveAdapter adapter = trainer.restore(TrainedAdapters.moved(trainer, "a"));
            String text = TinyModels.sentences().get(0);
            var batch = new Batch(adapter, List.of(Example.unlabelled("a", text)), List.of());
            double expected = trainer.step(List.of(batch)).get(0).results().get(0).score();
            var request = new Request<ServingAdapter>(read, text, null);
            assertThat(Predicted.labels(predictor, List.of(request)).get(0).score())
                    .isCloseTo(expected, within(2e-6));
            assertThat(trainer.load("b", AdapterDirectory.read(out)).snapshot().row())
                    .isEqualTo(adapter.snapshot().row());
        }
    }

    @Test
    void anAdapterOfABareModelServesOneWithAHead() throws IOException {
        Path out = write("bert", PFEIFFER, new StreamTask());
        Files.delete(out.resolve(AdapterDirectory.HEAD));
        try (ModelPredictor predictor =
                        ModelPredictor.open(model("bert").toString(), "cpu", "fp32", 64);
                var read = (ServingRow) predictor.load("a", out)) {
            assertThat(read.labels()).isNotEmpty();
        }
    }

    @Test
    void aPickleIsRefused() throws IOException {
        Path out = write("bert", PFEIFFER, new CheckpointTask());
        Files.move(out.resolve("adapter.safetensors"), out.resolve("pytorch_adapter.bin"));
        assertThatThrownBy(() -> AdapterDirectory.read(out))
                .hasMessageContaining("as a pickle (pytorch_adapter.bin), must have adapter.safe");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ln_before\": false|\"ln_before\": true|ln_before (true) must be as in",
                "\"dropout\": 0.0|\"dropout\": 0.1|dropout (0.1) must be as in",
                "\"inv_adapter\": null|\"inv_adapter\": \"glow\"|inv_adapter (glow) must be nice",
                "\"scaling\": 1.0|\"scaling\": \"learned\"|scaling (\"learned\") must be a number",
                "\"reduction_factor\": 4|\"reduction_factor\": {}|reduction_factor ({}) must be a",
                "\"reduction_factor\": 4|\"reduction_factor\": 0|reduction_factor (0) must be at",
                "\"name\": \"adapter\"|\"name\": \"../up\"|name (../up) must be without dots",
                "\"phm_dim\": 4|\"architecture\": \"lora\"|architecture (lora) must be null"
            })
    void whatIsNotSupportedIsRefused(String key, String other, String message) throws IOException {
        Path out = write("bert", PFEIFFER, new CheckpointTask());
        Path config = out.resolve("adapter_config.json");
        String json = Files.readString(config);
        assertThat(json).contains(key);
        Files.writeString(config, json.replace(key, other));
        assertThatThrownBy(() -> AdapterDirectory.read(out)).hasMessageContaining(message);
    }

    @Test
    void aFrozenAdapterThatChangedIsRefused() throws IOException {
        FrozenAdapter lowest = frozen(PFEIFFER.withName("lang"));
        frozen(PFEIFFER.withName("lang").withReduction(2));
        assertThatThrownBy(() -> write("bert", PFEIFFER.on(lowest), new CheckpointTask()))
                .hasMessageContaining("must have " + lowest.sha256());
    }

    @Test
    void anotherMethodHasNoSuchFiles() {
        assertThatThrownBy(() -> write("bert", LoraConfig.DEFAULT, new CheckpointTask()))
                .hasMessageContaining("peft_type (LORA) must be BOTTLENECK or ADAPTER_FUSION");
    }
}
