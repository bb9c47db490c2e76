package io.flinkpeft.flink;

import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** The trainer's side outputs; its main output are the versions. */
public final class TrainingOutputs {

    /** What was predicted for each example before it was trained on. */
    public static final OutputTag<PrequentialResult> PREDICTIONS =
            new OutputTag<>("predictions", TypeInformation.of(PrequentialResult.class));

    /** The dead letters: events that could not be used. */
    public static final OutputTag<Rejected> REJECTED =
            new OutputTag<>("rejected", TypeInformation.of(Rejected.class));

    private TrainingOutputs() {}
}
