package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterDirectoryTest {

    private static final String MODEL = TinyModels.bert().toString();

    @TempDir private Path dir;

    @Test
    void aVersionPredictsTheSameFromADirectory() throws IOException {
        AdapterVersion version = trained(new StreamTask());
        AdapterDirectory.write(dir, version, MODEL);
        assertThat(dir.toFile().list())
                .containsExactlyInAnyOrder(
                        "adapter_config.json", "adapter_model.safetensors", "head.safetensors");
        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 64);
                var ofVersion = (ServingRow) predictor.load(version);
                var ofDirectory = (ServingRow) predictor.load("a", dir)) {
            assertThat(ofDirectory.labels()).isEqualTo(ofVersion.labels());
            assertThat(classify(predictor, ofDirectory))
                    .containsExactly(classify(predictor, ofVersion));
        }
    }

    @Test
    void aTokenizerThatDoesOtherThingsThanTheBasesIsRefused() throws IOException {
        AdapterDirectory.write(dir, trained(new StreamTask()), MODEL);
        Files.copy(TinyModels.bert().resolve("tokenizer.json"), dir.resolve("tokenizer.json"));
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 64)) {
            assertThatThrownBy(() -> predictor.load("a", dir))
                    .hasMessageContaining("tokenizer.json) makes other tokens, must do what");
            assertThatThrownBy(() -> predictor.notes(dir, AdapterDirectory.read(dir)))
                    .hasMessageContaining("tokenizer.json) makes other tokens, must do what");
        }
    }

    @Test
    void aModelHeadIsPartOfPeftsFile() throws IOException {
        AdapterDirectory.write(dir, trained(new CheckpointTask()), MODEL);
        assertThat(dir.resolve(AdapterDirectory.HEAD)).doesNotExist();
        assertThat(AdapterDirectory.read(dir).adapter().tensors())
                .containsKeys(
                        "base_model.model.classifier.weight", "base_model.model.classifier.bias");
    }

    @Test
    void aHeadThatPeftMustBeToldOfIsNamedInItsFile() throws IOException {
        TrainerConfig config =
                TrainerConfig.of(
                                TinyModels.golden().resolve("grid/bart-cls/model").toString(),
                                TinyModels.loraOnAllLinears(4, 8))
                        .withTask(new CheckpointTask());
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                LiveAdapter fresh = trainer.create("a")) {
            AdapterDirectory.write(dir, trainer.version(fresh), config.model());
        }
        AdapterDirectory written = AdapterDirectory.read(dir);
        assertThat(written.config().modulesToSave())
                .containsExactly("classification_head", "classifier", "score");
        assertThat(written.adapter().tensors())
                .containsKeys(
                        "base_model.model.classification_head.dense.weight",
                        "base_model.model.classification_head.out_proj.bias");
    }

    @Test
    void trainingGoesOnFromADirectoryWithoutMoments() throws IOException {
        AdapterVersion version = trained(new StreamTask());
        AdapterDirectory.write(dir, version, MODEL);
        try (OnlineTrainer trainer = OnlineTrainer.open(config(new StreamTask()));
                LiveAdapter loaded = trainer.load("a", AdapterDirectory.read(dir))) {
            AdapterState state = loaded.snapshot();
            assertThat(state.labels()).containsExactly("food", "weather", "sport");
            assertThat(state.firstMoment()).containsOnly(0);
            assertThat(state.step()).isZero();
            assertThat(trainer.version(loaded).sha256()).isEqualTo(version.sha256());
        }
    }

    @Test
    void aDirectoryMustBeThereAndItsHeadWhole() throws IOException {
        assertThatThrownBy(() -> AdapterDirectory.read(dir.resolve("none")))
                .hasMessage("Adapter (" + dir.resolve("none") + ") must be a directory.");
        AdapterDirectory.write(dir, trained(new StreamTask()), MODEL);
        Files.writeString(dir.resolve(AdapterDirectory.HEAD), "torn");
        assertThatThrownBy(() -> AdapterDirectory.read(dir))
                .hasMessageStartingWith(dir.resolve(AdapterDirectory.HEAD) + ": ");
    }

    private static TrainerConfig config(Task head) {
        return TrainerConfig.of(MODEL, TinyModels.loraOnAllLinears(4, 8)).withTask(head);
    }

    private static AdapterVersion trained(Task head) {
        try (OnlineTrainer trainer = OnlineTrainer.open(config(head));
                LiveAdapter fresh = trainer.create("a")) {
            var batch = new Batch(fresh, TinyModels.examples("a"), List.of());
            try (LiveAdapter after = trainer.step(List.of(batch)).get(0).after()) {
                return trainer.version(after);
            }
        }
    }

    private static float[] classify(ModelPredictor predictor, ServingAdapter adapter) {
        return Predicted.labels(
                        predictor,
                        List.of(
                                new Request<ServingAdapter>(
                                        adapter, "Dry wind on the coast", null)))
                .get(0)
                .logits();
    }
}
