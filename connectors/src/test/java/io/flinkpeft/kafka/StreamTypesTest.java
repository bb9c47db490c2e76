package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.kafka.topic.VersionRecords;
import io.flinkpeft.testing.RandomVersions;
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
    @ValueSource(classes = {ParsedRecord.class, Example.class, Control.class, Rejected.class})
    void recordsOnEdgesArePojosToFlink(Class<?> type) {
        assertThat(TypeInformation.of(type)).isInstanceOf(PojoTypeInfo.class);
    }

    @Test
    void nullsOfARecordComeBack() throws IOException {
        TypeSerializer<ParsedRecord> serializer =
                TypeInformation.of(ParsedRecord.class).createSerializer(new SerializerConfigImpl());
        var good = ParsedRecord.of(Example.unlabelled("a", "x"));
        var bad = ParsedRecord.of(new Rejected("why", null, null, -1, -1, 5, new byte[] {1}));
        var order = ParsedRecord.of(Control.of("a", Control.Action.PAUSE));
        assertThat(roundTrip(serializer, List.of(good, order, bad)))
                .containsExactly(good, order, bad);
    }

    @Test
    void topicRecordsComeBack() throws IOException {
        var records =
                new ArrayList<>(new VersionRecords(7).version(RandomVersions.version("a", 1, 20)));
        records.addAll(VersionRecords.removal("a", 1, 1));
        records.add(VersionRecords.pointer("ü", 1, "0".repeat(64)));
        var serializer = new TopicRecordType().createSerializer(new SerializerConfigImpl());
        assertThat(roundTrip(serializer, records)).containsExactlyElementsOf(records);
        assertThat(serializer.copy(records.get(0))).isSameAs(records.get(0));
    }

    @Test
    void theTopicRecordSerializerIsFoundAgainByItsSnapshot() {
        var serializer = new TopicRecordType().createSerializer(new SerializerConfigImpl());
        assertThat(serializer.snapshotConfiguration().restoreSerializer()).isSameAs(serializer);
    }

    private static <T> List<T> roundTrip(TypeSerializer<T> serializer, List<T> values)
            throws IOException {
        var out = new DataOutputSerializer(64);
        for (T value : values) {
            serializer.serialize(value, out);
        }
        var in = new DataInputDeserializer(out.getCopyOfBuffer());
        var copied = new DataOutputSerializer(64);
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
