package io.flinkpeft.event;

/**
 * An order to one adapter, applied at its place in the adapter's stream: behind the examples that
 * came before it, which close their batch, and before those that come after it.
 *
 * <p>A public record of simple components: Flink serializes it as a POJO.
 *
 * @param adapterId the adapter it is for; not null
 * @param action what is to be done; not null
 * @param learningRate of the adapter's tensors from now on; only with {@link Action#SET}, null if
 *     it stays
 * @param headLearningRate of its head from now on; only with {@link Action#SET}, null if it stays
 * @param method the text of an {@code adapter_config.json} of PEFT, under which the adapter starts
 *     anew; only with {@link Action#SET}, null if it stays
 * @param timestampMillis event time, milliseconds since the epoch
 * @param topic the topic it was read from; null if it did not come from one
 * @param partition the partition of the topic, or -1
 * @param offset the offset in the partition, or -1
 * @param raw the record it was read from; null if there is none, or it is not kept
 */
public record Control(
        String adapterId,
        Action action,
        Double learningRate,
        Double headLearningRate,
        String method,
        long timestampMillis,
        String topic,
        int partition,
        long offset,
        RawRecord raw)
        implements TrainingEvent {

    /** A control that keeps no record. */
    public Control(
            String adapterId,
            Action action,
            Double learningRate,
            Double headLearningRate,
            String method,
            long timestampMillis,
            String topic,
            int partition,
            long offset) {
        this(
                adapterId,
                action,
                learningRate,
                headLearningRate,
                method,
                timestampMillis,
                topic,
                partition,
                offset,
                null);
    }

    /** The most characters of {@link #method}. */
    public static final int METHOD_LENGTH = 16_384;

    /** What a control can do. */
    public enum Action {
        /** Examples are predicted and measured, nothing is learnt, until {@link #RESUME}. */
        PAUSE,
        /** Ends {@link #PAUSE}. */
        RESUME,
        /** The adapter forgets all that it learnt; its settings stay. */
        RESET,
        /** The adapter has its last version, and forgets all; its settings and versions stay. */
        EXPIRE,
        /** The adapter is removed with its settings and its versions. */
        DROP,
        /** Learning rate or method change. */
        SET
    }

    /** A control without settings that did not come from a topic, at event time 0. */
    public static Control of(String adapterId, Action action) {
        return new Control(adapterId, action, null, null, null, 0, null, -1, -1);
    }

    /** Sets the learning rate of an adapter's tensors. */
    public static Control learningRate(String adapterId, double rate) {
        return new Control(adapterId, Action.SET, rate, null, null, 0, null, -1, -1);
    }

    /** Sets an adapter's method, by the text of an {@code adapter_config.json} of PEFT. */
    public static Control method(String adapterId, String json) {
        return new Control(adapterId, Action.SET, null, null, json, 0, null, -1, -1);
    }

    /** The same control at another place of a stream. */
    public Control at(long timestampMillis, String topic, int partition, long offset) {
        return at(timestampMillis, topic, partition, offset, raw);
    }

    /** The same control with the record it was read from; null: it keeps none. */
    public Control with(RawRecord raw) {
        return at(timestampMillis, topic, partition, offset, raw);
    }

    private Control at(long time, String from, int place, long number, RawRecord record) {
        return new Control(
                adapterId,
                action,
                learningRate,
                headLearningRate,
                method,
                time,
                from,
                place,
                number,
                record);
    }
}
