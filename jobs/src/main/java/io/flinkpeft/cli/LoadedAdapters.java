package io.flinkpeft.cli;

import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The adapters of a command, on the device; one without values for the model as it is. */
final class LoadedAdapters implements AutoCloseable {

    private final ModelPredictor predictor;
    private final boolean merges;
    private final List<ServingAdapter> all = new ArrayList<>();

    /**
     * None yet.
     *
     * @param merges whether adapters are merged into the weights
     */
    LoadedAdapters(ModelPredictor predictor, boolean merges) {
        this.predictor = predictor;
        this.merges = merges;
    }

    void add(Path path, AdapterDirectory directory) {
        try {
            ServingAdapter adapter = predictor.load(path.toString(), directory);
            if (merges) {
                try (adapter) {
                    all.add(predictor.merge(adapter));
                }
            } else {
                all.add(adapter);
            }
        } catch (IllegalArgumentException e) {
            close();
            throw InAdapter.of(path, e);
        }
    }

    void add(ServingAdapter adapter) {
        all.add(adapter);
    }

    List<ServingAdapter> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(ServingAdapter::close);
    }
}
