package io.flinkpeft.cli;

import io.flinkpeft.event.Example;
import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The steps of a training: batches in the order of the file, the last one as large as what is left.
 *
 * @param trainer takes the steps
 * @param examples in order
 * @param batchSize examples a step
 * @param epochs how often to go through the examples
 * @param format of what is written
 * @param cut counts texts that were too long, once each
 */
record TrainingRun(
        OnlineTrainer trainer,
        List<Example> examples,
        int batchSize,
        int epochs,
        AdapterFormat format,
        CutTexts cut) {

    private static final String LOG = "train_log.jsonl";

    /** What a training writes. */
    static Set<String> files(AdapterFormat format) {
        var files = new HashSet<>(format.files());
        files.add(ClozeJson.FILE);
        files.add(LOG);
        return files;
    }

    /** Trains, and writes the trained adapter and the losses. */
    void into(Path directory, LiveAdapter first) throws IOException {
        LiveAdapter adapter = first;
        List<Example> last = List.of();
        try (BufferedWriter log = Files.newBufferedWriter(directory.resolve(LOG))) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (int from = 0; from < examples.size(); from += batchSize) {
                    int to = Math.min(from + batchSize, examples.size());
                    List<Example> batch = examples.subList(from, to);
                    BatchOutcome outcome = step(adapter, batch, log);
                    last = outcome.after() == adapter ? last : batch;
                    cut.add(epoch == 0 ? outcome.truncated() : 0);
                    adapter = outcome.after();
                }
            }
        }
        checkWorks(adapter, last);
        format.export(trainer, adapter, directory);
        adapter.close();
    }

    /**
     * Refuses an adapter that the last step broke: its values may be numbers and its results none.
     * A further step shows it, and is thrown away.
     */
    private void checkWorks(LiveAdapter trained, List<Example> last) {
        BatchOutcome outcome = trainer.step(List.of(new Batch(trained, last, List.of()))).get(0);
        if (outcome.after() == trained) {
            trained.close();
            throw new IllegalArgumentException(
                    "The trained adapter must have finite results: "
                            + outcome.rejected().get(0).reason()
                            + " Maybe lower --learning-rate.");
        }
        outcome.after().close();
    }

    private BatchOutcome step(LiveAdapter before, List<Example> examples, BufferedWriter log)
            throws IOException {
        var batch = new Batch(before, examples, List.of());
        BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
        if (!outcome.rejected().isEmpty()) {
            throw new IllegalArgumentException(outcome.rejected().get(0).reason());
        }
        LiveAdapter after = outcome.after();
        if (after.step() > before.step()) {
            // the loss as it was computed, in single precision
            String loss = Float.toString((float) outcome.loss());
            log.append("{\"step\": " + after.step() + ", \"loss\": " + loss + "}\n");
            before.close();
        }
        return outcome;
    }
}
