package io.flinkpeft.kafka;

import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.state.TrainingEventTypeInfo;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What became of a record: an event, or the reason why none.
 *
 * <p>A public record of two components, of which one is null, and no sealed type: Flink serializes
 * it as a POJO of type {@link #TYPE}.
 *
 * @param event the event, if {@link #isEvent}
 * @param rejected why there is none, else
 */
public record ParsedRecord(TrainingEvent event, Rejected rejected) {

    /** Its type information; an interface among its fields would fall to Kryo otherwise. */
    public static final TypeInformation<ParsedRecord> TYPE =
            Types.POJO(
                    ParsedRecord.class,
                    Map.of(
                            "event",
                            TrainingEventTypeInfo.INSTANCE,
                            "rejected",
                            TypeInformation.of(Rejected.class)));

    /** A good record. */
    public static ParsedRecord of(TrainingEvent event) {
        return new ParsedRecord(event, null);
    }

    /** A bad record. */
    public static ParsedRecord of(Rejected rejected) {
        return new ParsedRecord(null, rejected);
    }

    /** Whether it became an event. */
    public boolean isEvent() {
        return event != null;
    }

    /** Event time, milliseconds since the epoch. */
    public long timestampMillis() {
        return isEvent() ? event.timestampMillis() : rejected.timestampMillis();
    }
}
