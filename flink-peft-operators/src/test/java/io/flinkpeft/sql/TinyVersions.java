package io.flinkpeft.sql;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Versions that the trainer makes for the tiny model, each of which knows one label only: where SQL
 * or a cache must predict with them. Where only bytes travel, {@code RandomVersions} of the
 * connectors cost nothing.
 */
final class TinyVersions {

    static final String MODEL = "src/test/resources/golden/tiny-bert-cls";

    private record Name(String adapterId, int step, String label) {}

    private static final Map<Name, AdapterVersion> TRAINED = new ConcurrentHashMap<>();

    private TinyVersions() {}

    /** A version after as many steps, at event time 1000 * step, that answers the label. */
    static AdapterVersion version(String adapterId, int step, String label) {
        return TRAINED.computeIfAbsent(
                new Name(adapterId, step, label), name -> train(adapterId, step, label));
    }

    private static AdapterVersion train(String adapterId, int step, String label) {
        var config = TrainerConfig.of(MODEL, new LoraConfig(2, 2));
        try (var trainer = OnlineTrainer.open(config)) {
            LiveAdapter adapter = trainer.create(adapterId);
            for (int i = 1; i <= step; i++) {
                var example =
                        Example.labelled(adapterId, "a text", label).at(1000L * i, null, -1, -1);
                var batch = new Batch(adapter, List.of(example), List.of());
                LiveAdapter after = trainer.step(List.of(batch)).get(0).after();
                adapter.close();
                adapter = after;
            }
            AdapterVersion version = trainer.version(adapter);
            adapter.close();
            return version;
        }
    }

    static AdapterVersion ofAnotherBase(String adapterId, int step, String label) {
        AdapterVersion version = version(adapterId, step, label);
        return new AdapterVersion(
                version.adapterId(),
                version.step(),
                version.parentStep(),
                "0".repeat(64),
                version.method(),
                version.numerics(),
                version.lineage(),
                version.metrics(),
                version.payload(),
                version.sha256());
    }
}
