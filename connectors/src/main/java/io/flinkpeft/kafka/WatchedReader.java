package io.flinkpeft.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;

/** Tells a {@link PartitionWatch} what a reader gets; all else is the reader's own. */
@SuppressWarnings("try") // that of the reader
final class WatchedReader implements SourceReader<ParsedRecord, KafkaPartitionSplit> {

    private final SourceReader<ParsedRecord, KafkaPartitionSplit> reader;
    private final PartitionWatch watch;
    private final Duration pause;
    private ScheduledExecutorService looks;
    private ReaderOutput<ParsedRecord> output;
    private ReaderOutput<ParsedRecord> watched;

    WatchedReader(
            SourceReader<ParsedRecord, KafkaPartitionSplit> reader,
            PartitionWatch watch,
            Duration pause) {
        this.reader = reader;
        this.watch = watch;
        this.pause = pause;
    }

    @Override
    public void start() {
        reader.start();
        looks =
                Executors.newSingleThreadScheduledExecutor(
                        work -> {
                            var thread = new Thread(work, "peft-partition-watch");
                            thread.setDaemon(true);
                            return thread;
                        });
        looks.scheduleWithFixedDelay(
                watch::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<ParsedRecord> next) throws Exception {
        if (next != output) {
            output = next;
            watched = new WatchedOutput(next, watch);
        }
        return reader.pollNext(watched);
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        watch.assigned(splits.stream().map(KafkaPartitionSplit::splitId).toList());
        reader.addSplits(splits);
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpoint) {
        return reader.snapshotState(checkpoint);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return reader.isAvailable();
    }

    @Override
    public void notifyNoMoreSplits() {
        reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        reader.handleSourceEvents(event);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        reader.notifyCheckpointComplete(checkpoint);
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) throws Exception {
        reader.notifyCheckpointAborted(checkpoint);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
        reader.pauseOrResumeSplits(pause, resume);
    }

    @Override
    public void close() throws Exception {
        if (looks != null) {
            looks.shutdownNow();
        }
        reader.close();
    }
}
