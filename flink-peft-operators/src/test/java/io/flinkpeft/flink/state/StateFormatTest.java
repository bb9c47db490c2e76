package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterSettingsCodec;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.TrainingEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateFormatTest {

    private static final Example FULL =
            new Example(
                            "a",
                            "tëxt \ud83d",
                            "pair",
                            "noun",
                            "target",
                            -5,
                            "texts",
                            3,
                            Long.MAX_VALUE)
                    .named("id");
    private static final Example SPARSE = Example.unlabelled("b", "");

    @Test
    void aQueueSurvivesItsBytes() {
        var queue =
                new TrainingQueue(
                        List.of(
                                new Turn.Batch(List.of(FULL, SPARSE)),
                                new Turn.Order(Control.of("a", Control.Action.RESET)),
                                new Turn.Order(Control.learningRate("a", 0.1)),
                                new Turn.Batch(List.of(FULL))),
                        List.of(SPARSE));
        assertThat(TrainingQueueCodec.fromBytes(TrainingQueueCodec.toBytes(queue)))
                .isEqualTo(queue);
    }

    @Test
    void anEventTakesNoMoreBytesThanItsSize() {
        var raw = new RawRecord(new byte[33], new byte[1_000]);
        for (TrainingEvent event :
                List.of(
                        FULL,
                        SPARSE,
                        FULL.with(raw),
                        SPARSE.with(new RawRecord(null, null)),
                        FULL.at(1, "t".repeat(249), 5, 6),
                        Control.method("a", "{}").with(raw),
                        Control.of("a", Control.Action.EXPIRE))) {
            assertThat((long) TrainingEventSerializer.INSTANCE.toBytes(event).length)
                    .isLessThanOrEqualTo(EventSize.of(event));
        }
    }

    @Test
    void eventsSurviveWithTheirRecords() {
        var raw = new RawRecord(new byte[] {1}, new byte[] {2, 3});
        var half = new RawRecord(null, new byte[0]);
        for (TrainingEvent event :
                List.of(
                        FULL.with(raw),
                        SPARSE.with(half),
                        Control.method("a", "{}").with(raw),
                        new Feedback("a", "x", "noun", 5, "texts", 1, 2, raw),
                        new Heartbeat(5, "t", 0, 9, half))) {
            byte[] bytes = TrainingEventSerializer.INSTANCE.toBytes(event);
            assertThat(TrainingEventSerializer.INSTANCE.fromBytes(bytes)).isEqualTo(event);
        }
    }

    @Test
    void settingsSurviveTheirBytes() {
        for (var settings :
                List.of(
                        AdapterSettings.DEFAULT,
                        new AdapterSettings(true, 0.1, null, "{}", 7, 7),
                        new AdapterSettings(false, null, 0.0, null, Long.MAX_VALUE, 3))) {
            byte[] bytes = AdapterSettingsCodec.toBytes(settings);
            assertThat(AdapterSettingsCodec.fromBytes(bytes)).isEqualTo(settings);
        }
    }

    @Test
    void aReservoirSurvivesItsBytes() {
        var reservoir = new ReplayReservoir(77, List.of(FULL, SPARSE));
        assertThat(ReplayReservoirCodec.fromBytes(ReplayReservoirCodec.toBytes(reservoir)))
                .isEqualTo(reservoir);
    }

    @Test
    void serializersKnowTheFormatTheyWrite() throws Exception {
        assertThat(formatOf(AdapterStateSerializer.INSTANCE, StateFiles.ADAPTER))
                .isEqualTo(AdapterStateSerializer.INSTANCE.version());
        assertThat(formatOf(AdapterSettingsSerializer.INSTANCE, AdapterSettings.DEFAULT))
                .isEqualTo(AdapterSettingsSerializer.INSTANCE.version());
        assertThat(formatOf(TrainingEventSerializer.INSTANCE, FULL))
                .isEqualTo(TrainingEventSerializer.INSTANCE.version());
        assertThat(formatOf(AdapterVersionSerializer.INSTANCE, StateFiles.VERSION))
                .isEqualTo(AdapterVersionSerializer.INSTANCE.version());
        assertThat(formatOf(TrainingQueueSerializer.INSTANCE, StateFiles.QUEUE))
                .isEqualTo(TrainingQueueSerializer.INSTANCE.version());
        assertThat(formatOf(ReplayReservoirSerializer.INSTANCE, StateFiles.REPLAY))
                .isEqualTo(ReplayReservoirSerializer.INSTANCE.version());
    }

    private static <T> int formatOf(VersionedBytesSerializer<T> serializer, T value)
            throws Exception {
        return serializer.toBytes(value)[0];
    }

    @Test
    void bytesOfANewerReleaseAreRefused() {
        byte[] bytes = TrainingQueueCodec.toBytes(TrainingQueue.EMPTY);
        bytes[0] = 9;
        assertThatThrownBy(() -> TrainingQueueCodec.fromBytes(bytes))
                .hasMessage(
                        "Events in state have format 9, must have 1 to 2."
                                + " Maybe a newer release wrote them.");
    }

    @Test
    void cutBytesAreRefusedAtEveryLength() {
        byte[] bytes =
                TrainingQueueCodec.toBytes(
                        new TrainingQueue(List.of(new Turn.Batch(List.of(FULL))), List.of()));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> TrainingQueueCodec.fromBytes(cut))
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
