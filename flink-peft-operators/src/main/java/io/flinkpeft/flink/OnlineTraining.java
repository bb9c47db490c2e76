package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.AdapterVersionTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Trains one adapter a key, online, and gives three streams.
 *
 * <pre>{@code
 * var training = OnlineTraining.train(examples, TrainingSettings.of(model, method));
 * training.versions().sinkTo(...);
 * training.predictions().sinkTo(...);
 * training.rejected().sinkTo(...);
 * }</pre>
 */
public final class OnlineTraining {

    /** The operator's uid, unless another is given. It is a promise: savepoints hold it. */
    public static final String UID = "flink-peft-trainer";

    private final SingleOutputStreamOperator<AdapterVersion> versions;

    private OnlineTraining(SingleOutputStreamOperator<AdapterVersion> versions) {
        this.versions = versions;
    }

    /** Trains under the uid {@link #UID}. */
    public static OnlineTraining train(
            DataStream<? extends TrainingEvent> events, TrainingSettings settings) {
        return train(events, settings, UID);
    }

    /**
     * Trains under a uid of its own, where a job has several trainers.
     *
     * @param events examples, and controls if there are any; for one adapter in the order in which
     *     they shall take effect: all from one partition
     * @param settings what and how
     * @param uid unique in the job
     */
    public static OnlineTraining train(
            DataStream<? extends TrainingEvent> events, TrainingSettings settings, String uid) {
        return train(events, new TrainerOperatorFactory(settings, EngineTrainer.of(settings)), uid);
    }

    static OnlineTraining train(
            DataStream<? extends TrainingEvent> events,
            TrainerOperatorFactory factory,
            String uid) {
        checkType(events.getType());
        @SuppressWarnings("unchecked") // events are only read
        var read = (DataStream<TrainingEvent>) events;
        return new OnlineTraining(
                read.keyBy(OnlineTraining::key, Types.STRING)
                        .transform("Train adapters", AdapterVersionTypeInfo.INSTANCE, factory)
                        .uid(uid));
    }

    /** An interface falls to Kryo without a word. */
    private static void checkType(TypeInformation<?> type) {
        if (type instanceof GenericTypeInfo) {
            throw new IllegalArgumentException(
                    "Events have type information ("
                            + type
                            + "), must have one of their own. Maybe add"
                            + " .returns(TrainingEventTypeInfo.INSTANCE).");
        }
    }

    // an event without an id must reach the operator, which rejects it
    static String key(TrainingEvent event) {
        return event.adapterId() == null ? "" : event.adapterId();
    }

    /** The versions, in order for each adapter. */
    public DataStream<AdapterVersion> versions() {
        return versions;
    }

    /** What was predicted for each example before it was trained on. */
    public DataStream<PrequentialResult> predictions() {
        return versions.getSideOutput(TrainingOutputs.PREDICTIONS);
    }

    /** The events that could not be used, with the reason. */
    public DataStream<Rejected> rejected() {
        return versions.getSideOutput(TrainingOutputs.REJECTED);
    }
}
