package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.MemoryTopic;
import io.flinkpeft.kafka.topic.TopicPublisher;
import io.flinkpeft.kafka.topic.TopicWriter;
import io.flinkpeft.kafka.topic.VersionRecords;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * A job that publishes to a topic in memory, one subtask of it.
 *
 * @param writer the job's id, which a job that restarts keeps
 * @param parallelism how many subtasks it has
 * @param subtask which of them this is
 * @param takeover what it does if another job writes the topic
 */
record Publishing(String writer, int parallelism, int subtask, TopicWriter.Takeover takeover) {

    static final int MAX_PARALLELISM = 128;
    static final int KEEP = 2;

    private static final int CHUNK_BYTES = 40;
    private static final long TRANSACTION_BYTES = 200;

    /** One that restarts, alone. */
    static final Publishing JOB = new Publishing("w1", 1, 0, TopicWriter.Takeover.REFUSED);

    /** An operator is serialized, and a topic is not: it is found by its number. */
    private record Topic(int number) implements PublishOperator.Publishers {

        private static final long serialVersionUID = 1L;
        private static final Map<Integer, MemoryTopic> TOPICS = new ConcurrentHashMap<>();

        static Topic of(MemoryTopic topic) {
            int number = System.identityHashCode(topic);
            TOPICS.put(number, topic);
            return new Topic(number);
        }

        @Override
        public TopicPublisher open(TopicWriter.Settings settings, TopicWriter self) {
            return TOPICS.get(number).publisher(settings, self);
        }
    }

    Publishing of(int parallelism, int subtask) {
        return new Publishing(writer, parallelism, subtask, takeover);
    }

    static Publishing another(TopicWriter.Takeover takeover) {
        return new Publishing("w2", 1, 0, takeover);
    }

    /** Whether an adapter is this subtask's. */
    boolean owns(String adapterId) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        adapterId, MAX_PARALLELISM, parallelism)
                == subtask;
    }

    /** Starts the subtask without a state. */
    Subtask start(MemoryTopic topic) throws Exception {
        return open(topic, null);
    }

    /** Starts the subtask with what it left. */
    Subtask start(MemoryTopic topic, OperatorSubtaskState state) throws Exception {
        return open(topic, part(state, parallelism));
    }

    /** Starts the subtask with its part of what others left. */
    Subtask start(MemoryTopic topic, OperatorSubtaskState... states) throws Exception {
        var all = AbstractStreamOperatorTestHarness.repackageState(states);
        return open(topic, part(all, states.length));
    }

    private OperatorSubtaskState part(OperatorSubtaskState state, int before) {
        return AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, before, parallelism, subtask);
    }

    private Subtask open(MemoryTopic topic, OperatorSubtaskState state) throws Exception {
        var settings =
                new PublishOperator.Settings(
                        new TopicWriter.Settings(
                                MemoryTopic.ADDRESS, "trainer", Duration.ofMinutes(1), takeover),
                        new VersionRecords(CHUNK_BYTES),
                        TRANSACTION_BYTES,
                        KEEP,
                        writer);
        var subtask = new Subtask(new PublishOperator(settings, Topic.of(topic)), this);
        subtask.harness.setup();
        if (state != null) {
            subtask.harness.initializeState(state);
        }
        subtask.harness.open();
        return subtask;
    }

    /** A subtask that runs. */
    static final class Subtask implements AutoCloseable {

        private final KeyedOneInputStreamOperatorTestHarness<String, AdapterVersion, Void> harness;

        private Subtask(StreamOperator<Void> operator, Publishing job) throws Exception {
            harness =
                    new KeyedOneInputStreamOperatorTestHarness<>(
                            (PublishOperator) operator,
                            AdapterVersion::adapterId,
                            Types.STRING,
                            MAX_PARALLELISM,
                            job.parallelism(),
                            job.subtask());
        }

        void cut(AdapterVersion version) throws Exception {
            harness.processElement(new StreamRecord<>(version));
        }

        OperatorSubtaskState snapshot(long checkpoint) throws Exception {
            return harness.snapshot(checkpoint, checkpoint);
        }

        void complete(long checkpoint) throws Exception {
            harness.notifyOfCompletedCheckpoint(checkpoint);
        }

        /** A checkpoint from its beginning to its end. */
        OperatorSubtaskState checkpoint(long checkpoint) throws Exception {
            var state = snapshot(checkpoint);
            complete(checkpoint);
            return state;
        }

        @Override
        public void close() {
            try {
                harness.close();
            } catch (Exception e) {
                throw new IllegalStateException("The subtask must close.", e);
            }
        }
    }
}
