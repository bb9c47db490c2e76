package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.task.Numbers;
import io.flinkpeft.task.RegressionTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new head whose base says nothing of numbers: the adapter's files do. */
class RegressionHeadTest {

    @TempDir private Path dir;

    @Test
    void anExportedHeadIsStillARegression() throws Exception {
        ModelDirectory model = TinyModels.gridModel("roberta-mlm");
        TrainerConfig config =
                TrainerConfig.of(
                                model.path().toString(),
                                new LoraConfig(2, 4).withTaskType(TaskType.SEQ_CLS))
                        .withTask(new RegressionTask())
                        .withLabels(List.of("stars", "warmth"))
                        .withDtype("fp32");
        String path = model.path().toString();
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                ModelPredictor predictor = ModelPredictor.open(path, "cpu", "fp32", 64)) {
            var content = new ExampleContent("a hot soup", null, null, "4 -1.5");
            List<Example> examples = List.of(Example.of("a", content));
            LiveAdapter trained =
                    trainer.step(List.of(new Batch(trainer.create("a"), examples, List.of())))
                            .get(0)
                            .after();
            trainer.export(trained, dir);

            AdapterDirectory read = AdapterDirectory.read(dir);
            assertThat(read.taskOn(model)).isEqualTo(new RegressionTask());
            try (ServingAdapter version = predictor.load(trainer.version(trained));
                    ServingAdapter directory = predictor.load("a", dir)) {
                var ofVersion = new Request<>(version, "Heavy rain", null);
                var both = predictor.predict(List.of(ofVersion, ofVersion.to(directory)));
                assertThat(((Numbers) both.get(0)).labels()).containsExactly("stars", "warmth");
                assertThat(both.get(1).predicted()).isEqualTo(both.get(0).predicted());
            }
        }
    }
}
