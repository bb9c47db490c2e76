package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTypesTest {

    @ParameterizedTest
    @ValueSource(classes = {Example.class, Control.class, PrequentialResult.class, Rejected.class})
    void eventsAreSerializedWithoutKryo(Class<?> event) {
        assertThat(TypeInformation.of(event)).isInstanceOf(PojoTypeInfo.class);
        TypeInformation.of(event).createSerializer(noGenericTypes()); // throws at a generic field
    }

    private static SerializerConfigImpl noGenericTypes() {
        var config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        return config;
    }

    @Test
    void eventsSurviveTheirSerializers() throws Exception {
        var example = new Example("a", "text", null, "noun", null, 5, "texts", 1, 2);
        assertThat(roundTrip(TypeInformation.of(Example.class), example)).isEqualTo(example);
        var result =
                new PrequentialResult("a", 3, null, 0, null, null, Double.NaN, 5, null, -1, -1);
        assertThat(roundTrip(TypeInformation.of(PrequentialResult.class), result))
                .isEqualTo(result);
        var rejected =
                new Rejected(
                        Rejected.Cause.FIELD,
                        "why",
                        null,
                        new byte[] {7},
                        "texts",
                        1,
                        2,
                        5,
                        new byte[] {1, 2, 3});
        assertThat(roundTrip(TypeInformation.of(Rejected.class), rejected)).isEqualTo(rejected);
    }

    @Test
    void eventsOfAllKindsSurviveOneSerializer() throws Exception {
        var type = TrainingEventTypeInfo.INSTANCE;
        var example = new Example("a", "x", "text", null, "noun", "target", 5, "texts", 1, 2);
        assertThat(roundTrip(type, example)).isEqualTo(example);
        var pause = Control.of("a", Control.Action.PAUSE);
        assertThat(roundTrip(type, pause)).isEqualTo(pause);
        var set = new Control("a", Control.Action.SET, 0.1, 0d, "{}", 5, "texts", 1, 2);
        assertThat(roundTrip(type, set)).isEqualTo(set);
        assertThat(roundTrip(TypeInformation.of(Control.class), set)).isEqualTo(set);
        var label = new Feedback("a", "x", "noun", 5, "texts", 1, 2);
        assertThat(roundTrip(type, label)).isEqualTo(label);
        var heartbeat = new Heartbeat(5, null, -1, -1);
        assertThat(roundTrip(type, heartbeat)).isEqualTo(heartbeat);
    }

    @Test
    void versionsSurviveTheirSerializer() throws Exception {
        var version = StateFiles.VERSION;
        assertThat(roundTrip(AdapterVersionTypeInfo.INSTANCE, version)).isEqualTo(version);
    }

    private static <T> T roundTrip(TypeInformation<T> type, T value) throws Exception {
        TypeSerializer<T> serializer = type.createSerializer(noGenericTypes());
        var out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        var in = new DataInputDeserializer(out.getCopyOfBuffer());
        T copy = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return copy;
    }
}
