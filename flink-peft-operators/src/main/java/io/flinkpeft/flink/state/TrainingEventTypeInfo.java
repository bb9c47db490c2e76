package io.flinkpeft.flink.state;

import io.flinkpeft.event.TrainingEvent;

/**
 * Type information of streams of {@link TrainingEvent}. A function that returns events needs it:
 * {@code .returns(TrainingEventTypeInfo.INSTANCE)}. Streams of examples alone need nothing.
 */
public final class TrainingEventTypeInfo extends VersionedBytesTypeInfo<TrainingEvent> {

    /** The one instance; it has no state. */
    public static final TrainingEventTypeInfo INSTANCE = new TrainingEventTypeInfo();

    private TrainingEventTypeInfo() {
        super(TrainingEvent.class, TrainingEventSerializer.INSTANCE);
    }
}
