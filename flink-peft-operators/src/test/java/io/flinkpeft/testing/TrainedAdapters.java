package io.flinkpeft.testing;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Directories with bottleneck adapters whose values are as after some training. */
public final class TrainedAdapters {

    private TrainedAdapters() {}

    /** An adapter for a model, written to AdapterHub's directory of its name. */
    public static FrozenAdapter frozen(Path parent, Path model, BottleneckConfig config) {
        Path directory = parent.resolve(config.name());
        write(directory, model, config, new StreamTask());
        return FrozenAdapter.of(directory);
    }

    /** Writes AdapterHub's directory of an adapter. */
    public static void write(Path directory, Path model, BottleneckConfig config, Task head) {
        TrainerConfig settings =
                TrainerConfig.of(model.toString(), config).withTask(head).withDtype("fp32");
        try (OnlineTrainer trainer = OnlineTrainer.open(settings)) {
            trainer.exportAdapterHub(trainer.restore(moved(trainer, config.name())), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A fresh adapter's state with every value moved. */
    public static AdapterState moved(OnlineTrainer trainer, String adapterId) {
        AdapterState state = trainer.create(adapterId).snapshot();
        long seed = Seeds.derive(11, adapterId);
        for (int i = 0; i < state.row().length; i++) {
            state.row()[i] += 0.2f * Seeds.gaussian(seed, i);
        }
        return state;
    }
}
