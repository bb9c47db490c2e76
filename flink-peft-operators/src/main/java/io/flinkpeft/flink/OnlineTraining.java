package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.AdapterVersionTypeInfo;
import io.flinkpeft.flink.state.TrainingEventTypeInfo;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.Trainer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Trains one adapter a key, online, and gives three streams.
 *
 * <pre>{@code
 * var training = OnlineTraining.train(examples, TrainingSettings.of(model, method));
 * AdapterTopicSink.builder()
 *         .bootstrapServers("localhost:9092")
 *         .topic("adapters")
 *         .transactionalIdPrefix("trainer")
 *         .addTo(training.versions());
 * training.predictions().sinkTo(predictionSink);
 * training.rejected().sinkTo(deadLetters);
 * }</pre>
 */
public final class OnlineTraining {

    /** The operator's uid, unless another is given. It is a promise: savepoints hold it. */
    public static final String UID = "flink-peft-trainer";

    /** The operator's name in logs and metrics. */
    static final String NAME = "Train adapters";

    /** Behind the uid: the operator that takes late events out, in the order of event time. */
    public static final String LATE_SUFFIX = "-late";

    /** Behind the uid: the operator that orders by event time. */
    public static final String ORDER_SUFFIX = "-order";

    private final SingleOutputStreamOperator<AdapterVersion> versions;
    private final DataStream<Rejected> rejected;

    private OnlineTraining(
            SingleOutputStreamOperator<AdapterVersion> versions, DataStream<Rejected> rejected) {
        this.versions = versions;
        this.rejected = rejected;
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
     *     they shall take effect: all from one partition; where the order is by event time, from
     *     any partitions, with watermarks that follow each of them
     * @param settings what and how
     * @param uid unique in the job
     */
    public static OnlineTraining train(
            DataStream<? extends TrainingEvent> events, TrainingSettings settings, String uid) {
        return train(events, new TrainerOperatorFactory(settings, trainers(settings)), uid);
    }

    /** Opens what these settings are for. */
    static Trainer.Factory trainers(TrainingSettings settings) {
        var config = settings.trainer();
        var methods = settings.methods();
        return () -> OnlineTrainer.open(config, methods);
    }

    static OnlineTraining train(
            DataStream<? extends TrainingEvent> events,
            TrainerOperatorFactory factory,
            String uid) {
        checkType(events.getType());
        @SuppressWarnings("unchecked") // events are only read
        var read = (DataStream<TrainingEvent>) events;
        EventOrder order = factory.settings().order();
        return switch (order.kind()) {
            case ARRIVAL -> inArrivalOrder(read, factory, uid);
            case EVENT_TIME -> inEventTimeOrder(read, order, factory, uid);
        };
    }

    private static OnlineTraining inArrivalOrder(
            DataStream<TrainingEvent> events, TrainerOperatorFactory factory, String uid) {
        var versions = train(events.keyBy(OnlineTraining::key, Types.STRING), factory, uid);
        return new OnlineTraining(versions, versions.getSideOutput(TrainingOutputs.REJECTED));
    }

    private static OnlineTraining inEventTimeOrder(
            DataStream<TrainingEvent> events,
            EventOrder order,
            TrainerOperatorFactory factory,
            String uid) {
        var onTime =
                events.keyBy(LateEvents::partition, Types.STRING)
                        .process(new LateEvents(order))
                        .returns(TrainingEventTypeInfo.INSTANCE)
                        .name("Take late events out")
                        .uid(uid + LATE_SUFFIX);
        var ordered =
                onTime.keyBy(OnlineTraining::key, Types.STRING)
                        .transform(
                                "Order by event time",
                                TrainingEventTypeInfo.INSTANCE,
                                new OrderOperatorFactory(order))
                        .uid(uid + ORDER_SUFFIX);
        // the keys stay where they are: it and the trainer are one task
        var keyed =
                DataStreamUtils.reinterpretAsKeyedStream(
                        ordered, OnlineTraining::key, Types.STRING);
        var versions = train(keyed, factory, uid);
        return new OnlineTraining(
                versions,
                versions.getSideOutput(TrainingOutputs.REJECTED)
                        .union(
                                onTime.getSideOutput(TrainingOutputs.REJECTED),
                                ordered.getSideOutput(TrainingOutputs.REJECTED)));
    }

    private static SingleOutputStreamOperator<AdapterVersion> train(
            KeyedStream<TrainingEvent, String> events, TrainerOperatorFactory factory, String uid) {
        return events.transform(NAME, AdapterVersionTypeInfo.INSTANCE, factory).uid(uid);
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
        return rejected;
    }
}
