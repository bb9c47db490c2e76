package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTypesTest {

    @ParameterizedTest
    @ValueSource(classes = {Example.class, Control.class, Rejected.class})
    void recordsOnEdgesArePojosToFlink(Class<?> type) {
        assertThat(TypeInformation.of(type)).isInstanceOf(PojoTypeInfo.class);
    }

    @Test
    void aParsedRecordHoldsNothingForKryo() {
        var config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        assertThat(ParsedRecord.TYPE).isInstanceOf(PojoTypeInfo.class);
        ParsedRecord.TYPE.createSerializer(config); // throws at a generic field
    }

    @Test
    void nullsOfARecordComeBack() throws IOException {
        TypeSerializer<ParsedRecord> serializer =
                ParsedRecord.TYPE.createSerializer(new SerializerConfigImpl());
        var good = ParsedRecord.of(Example.unlabelled("a", "x"));
        var bad =
                ParsedRecord.of(
                        new Rejected(
                                Cause.JSON, "why", null, null, null, -1, -1, 5, new byte[] {1}));
        var order = ParsedRecord.of(Control.of("a", Control.Action.PAUSE));
        assertThat(roundTrip(serializer, List.of(good, order, bad)))
                .containsExactly(good, order, bad);
    }

    private static <T> List<T> roundTrip(TypeSerializer<T> serializer, List<T> values)
            throws IOException {
        var out = new DataOutputSerializer(4096);
        for (T value : values) {
            serializer.serialize(value, out);
        }
        var in = new DataInputDeserializer(out.getCopyOfBuffer());
        var copied = new DataOutputSerializer(4096);
        for (int i = 0; i < values.size(); i++) {
            serializer.copy(in, copied);
        }
        assertThat(copied.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
        var again = new DataInputDeserializer(copied.getCopyOfBuffer());
        var read = new ArrayList<T>();
        while (again.available() > 0) {
            read.add(serializer.deserialize(again));
        }
        return read;
    }
}
