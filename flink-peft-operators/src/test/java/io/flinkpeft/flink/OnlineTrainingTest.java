package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.state.TrainingEventTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class OnlineTrainingTest {

    private static DataStream<TrainingEvent> events(TypeInformation<TrainingEvent> type) {
        return StreamExecutionEnvironment.getExecutionEnvironment()
                .fromData(type, Example.unlabelled("a", "text"));
    }

    @Test
    void eventsThatWouldFallToKryoAreRefused() {
        var events = events(TypeInformation.of(TrainingEvent.class));
        assertThatThrownBy(() -> OnlineTraining.train(events, ToySettings.DEFAULT))
                .hasMessage(
                        "Events have type information (GenericType<io.flinkpeft.event.TrainingEvent>),"
                                + " must have one of their own."
                                + " Maybe add .returns(TrainingEventTypeInfo.INSTANCE).");
    }

    @Test
    void streamsOfEventsAndOfExamplesAreTaken() {
        var events = events(TrainingEventTypeInfo.INSTANCE);
        assertThat(OnlineTraining.train(events, ToySettings.DEFAULT).versions()).isNotNull();
        var examples =
                StreamExecutionEnvironment.getExecutionEnvironment()
                        .fromData(Example.unlabelled("a", "text"));
        assertThat(OnlineTraining.train(examples, ToySettings.DEFAULT).versions()).isNotNull();
    }
}
