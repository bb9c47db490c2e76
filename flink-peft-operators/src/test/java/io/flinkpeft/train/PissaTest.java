package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PissaTest {

    private static final GoldenCase GOLDEN =
            new GoldenCase(TinyModels.golden().resolve("grid/bert/pissa"));
    private static final String MODEL = GOLDEN.model().toString();
    private static final LoraConfig PISSA =
            new LoraConfig(2, 4)
                    .withInitialization(Initialization.PISSA)
                    .withTaskType(TaskType.SEQ_CLS);

    private final List<Example> examples = GOLDEN.examples();

    @TempDir private Path dir;

    private static OnlineTrainer trainer(LoraConfig config) {
        return OnlineTrainer.open(
                TrainerConfig.of(MODEL, config).withTask(new CheckpointTask()).withDtype("fp32"));
    }

    private LiveAdapter trained(OnlineTrainer trainer, int steps) {
        LiveAdapter adapter = trainer.create("a");
        for (int i = 0; i < steps; i++) {
            List<Example> four = examples.subList(4 * i % 16, 4 * i % 16 + 4);
            adapter = Training.step(trainer, adapter, four).after();
        }
        return adapter;
    }

    private float[] logits(ModelPredictor predictor, ServingAdapter adapter) {
        var request = new Request<ServingAdapter>(adapter, examples.get(0).text(), null);
        return Predicted.labels(predictor, List.of(request)).get(0).logits();
    }

    @Test
    void whatPeftSavedPredictsWithTheBaseThatItLeaves() {
        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter init = predictor.load("a", GOLDEN.init())) {
            for (int i = 0; i < examples.size(); i++) {
                var text =
                        new Request<ServingAdapter>(
                                init, examples.get(i).text(), examples.get(i).textPair());
                float[] logits = Predicted.labels(predictor, List.of(text)).get(0).logits();
                assertThat(BertTwin.doubles(logits))
                        .containsExactly(
                                GoldenCase.numbers(GOLDEN.json().get("logits").get(i)),
                                within(1e-5));
            }
        }
    }

    @Test
    void aFreshOneChangesNothingAndIsPeftsUpToSigns() {
        try (OnlineTrainer trainer = trainer(PISSA);
                ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter fresh = predictor.load(trainer.version(trainer.create("a")))) {
            assertThat(logits(predictor, fresh))
                    .containsExactly(logits(predictor, null), within(1e-5f));
            LiveAdapter loaded = trainer.load("a", AdapterDirectory.read(GOLDEN.init()));
            float[] own = trainer.create("a").snapshot().row();
            float[] peft = loaded.snapshot().row();
            int method = ((DeviceAdapter) loaded).rowLayout().headOffset();
            for (int i = 0; i < method; i++) {
                assertThat(Math.abs(own[i])).isCloseTo(Math.abs(peft[i]), within(1e-4f));
            }
        }
    }

    @Test
    void trainedItIsAnOrdinaryLoraOfTwiceTheRank() throws IOException {
        try (OnlineTrainer trainer = trainer(PISSA);
                ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128)) {
            LiveAdapter start = trainer.create("a");
            LiveAdapter adapter = trained(trainer, 5);
            trainer.export(adapter, dir);
            LoraConfig exported = (LoraConfig) AdapterDirectory.read(dir).config();
            assertThat(exported.rank()).isEqualTo(4);
            assertThat(exported.alpha()).isEqualTo(8);
            assertThat(exported.initialization()).isEqualTo(Initialization.KAIMING_UNIFORM);
            try (ServingAdapter serving = predictor.load("a", dir)) {
                var batch = new Batch(adapter, examples.subList(0, 1), List.of());
                double score = trainer.step(List.of(batch)).get(0).results().get(0).score();
                var result =
                        Predicted.labels(
                                        predictor,
                                        List.of(
                                                new Request<ServingAdapter>(
                                                        serving,
                                                        examples.get(0).text(),
                                                        examples.get(0).textPair())))
                                .get(0);
                assertThat(result.score()).isCloseTo(score, within(1e-5));
            }
            assertStartStays(start, adapter);
        }
    }

    private static void assertStartStays(LiveAdapter start, LiveAdapter adapter) {
        float[] before = start.snapshot().row();
        float[] after = adapter.snapshot().row();
        for (var slot : ((DeviceAdapter) adapter).rowLayout().tensors().slots()) {
            boolean same = true;
            for (int i = slot.offset(); i < slot.offset() + slot.size(); i++) {
                same &= before[i] == after[i];
            }
            assertThat(same).as(slot.name()).isEqualTo(slot.name().contains("pissa"));
        }
    }

    @Test
    void itGoesWithNoOtherForm() {
        assertThatThrownBy(() -> PISSA.withVariant(LoraVariant.DEFAULT.withForm(LoraForm.DORA)))
                .hasMessageContaining("init_lora_weights (PISSA) must have peft.lora.variant");
    }
}
