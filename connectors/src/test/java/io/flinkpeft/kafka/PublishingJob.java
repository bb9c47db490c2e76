package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.TopicWriter;
import io.flinkpeft.kafka.topic.VersionRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** A job of the publishing operator alone, on a real topic; its checkpoints come when told. */
@SuppressWarnings("try") // Flink's harness says that close may be interrupted
final class PublishingJob implements AutoCloseable {

    static final int KEEP = 4;
    static final int CHUNK = 300;
    static final long TRANSACTION_BYTES = 2_000;
    private static final int MAX_PARALLELISM = 16;

    /** How a job is started. */
    record Setup(
            AdapterTopic topic,
            String writer,
            String prefix,
            int parallelism,
            Duration timeout,
            TopicWriter.Takeover takeover,
            StateBackend backend) {

        static Setup of(AdapterTopic topic) {
            return new Setup(
                    topic,
                    "w1",
                    "trainer",
                    1,
                    Duration.ofMinutes(1),
                    TopicWriter.Takeover.REFUSED,
                    new HashMapStateBackend());
        }

        Setup writer(String writer) {
            return new Setup(topic, writer, prefix, parallelism, timeout, takeover, backend);
        }

        Setup prefix(String prefix) {
            return new Setup(topic, writer, prefix, parallelism, timeout, takeover, backend);
        }

        Setup parallelism(int parallelism) {
            return new Setup(topic, writer, prefix, parallelism, timeout, takeover, backend);
        }

        Setup timeout(Duration timeout) {
            return new Setup(topic, writer, prefix, parallelism, timeout, takeover, backend);
        }

        Setup takingOver() {
            return new Setup(
                    topic,
                    writer,
                    prefix,
                    parallelism,
                    timeout,
                    TopicWriter.Takeover.WANTED,
                    backend);
        }

        Setup backend(StateBackend backend) {
            return new Setup(topic, writer, prefix, parallelism, timeout, takeover, backend);
        }

        PublishingJob start() throws Exception {
            return new PublishingJob(this, null);
        }

        PublishingJob restore(OperatorSubtaskState state) throws Exception {
            return new PublishingJob(this, state);
        }
    }

    private final List<KeyedOneInputStreamOperatorTestHarness<String, AdapterVersion, Void>>
            subtasks = new ArrayList<>();
    private final Setup setup;

    private PublishingJob(Setup setup, OperatorSubtaskState state) throws Exception {
        this.setup = setup;
        try {
            for (int i = 0; i < setup.parallelism(); i++) {
                startSubtask(i, state);
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void startSubtask(int index, OperatorSubtaskState state) throws Exception {
        var writer =
                new TopicWriter.Settings(
                        setup.topic(), setup.prefix(), setup.timeout(), setup.takeover());
        var settings =
                new PublishOperator.Settings(
                        writer, new VersionRecords(CHUNK), TRANSACTION_BYTES, KEEP, setup.writer());
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<String, AdapterVersion, Void>(
                        new PublishOperator(settings),
                        AdapterVersion::adapterId,
                        Types.STRING,
                        MAX_PARALLELISM,
                        setup.parallelism(),
                        index);
        subtasks.add(harness); // is closed even if it does not open
        harness.setStateBackend(setup.backend());
        harness.setup();
        if (state != null) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state,
                            MAX_PARALLELISM,
                            state.getManagedOperatorState().size(), // as many as wrote it
                            setup.parallelism(),
                            index));
        }
        harness.open();
    }

    PublishingJob put(AdapterVersion... versions) throws Exception {
        for (var version : versions) {
            int owner =
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            version.adapterId(), MAX_PARALLELISM, setup.parallelism());
            subtasks.get(owner).processElement(version, 0);
        }
        return this;
    }

    /** A checkpoint that is complete, and of which the job learns. */
    OperatorSubtaskState checkpoint(long id) throws Exception {
        OperatorSubtaskState state = snapshot(id);
        complete(id);
        return state;
    }

    /** A checkpoint of which the job has not learnt yet that it is complete. */
    OperatorSubtaskState snapshot(long id) throws Exception {
        var states = new OperatorSubtaskState[subtasks.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = subtasks.get(i).snapshot(id, id);
        }
        return states.length == 1
                ? states[0]
                : AbstractStreamOperatorTestHarness.repackageState(states);
    }

    void complete(long id) throws Exception {
        for (var subtask : subtasks) {
            subtask.notifyOfCompletedCheckpoint(id);
        }
    }

    @Override
    public void close() {
        for (var subtask : subtasks) {
            try {
                subtask.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
