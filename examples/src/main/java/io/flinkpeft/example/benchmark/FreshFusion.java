package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.methods.MethodCase;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** AdapterFusion of two adapters that know nothing yet: for its time any will do. */
final class FreshFusion {

    private static final double RATE = 1e-3; // counts for nothing here

    private FreshFusion() {}

    /** Writes the two adapters into a directory. */
    static MethodCase of(Path model, Path directory) throws IOException {
        List<FrozenAdapter> adapters =
                List.of(adapter(model, directory, "a"), adapter(model, directory, "b"));
        return new MethodCase("AdapterFusion of 2 Pfeiffer", FusionConfig.of(adapters), RATE);
    }

    private static FrozenAdapter adapter(Path model, Path directory, String name)
            throws IOException {
        var config = BottleneckConfig.of(Placement.PFEIFFER).withName(name);
        Path own = directory.resolve(name);
        try (OnlineTrainer trainer =
                        OnlineTrainer.open(TrainerConfig.of(model.toString(), config));
                LiveAdapter adapter = trainer.create(name)) {
            trainer.export(adapter, own);
        }
        return FrozenAdapter.of(own);
    }
}
