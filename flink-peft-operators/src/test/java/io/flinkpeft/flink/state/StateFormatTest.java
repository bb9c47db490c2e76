package io.flinkpeft.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterSettingsCodec;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateFormatTest {

    private static final Example FULL =
            new Example(
                    "a", "tëxt \ud83d", "pair", "noun", "target", -5, "texts", 3, Long.MAX_VALUE);
    private static final Example SPARSE = Example.unlabelled("b", "");

    @Test
    void aQueueSurvivesItsBytes() {
        var queue =
                new TrainingQueue(
                        List.of(
                                Turn.batch(List.of(FULL, SPARSE)),
                                Turn.control(Control.of("a", Control.Action.RESET)),
                                Turn.control(Control.learningRate("a", 0.1)),
                                Turn.batch(List.of(FULL))),
                        List.of(SPARSE));
        assertThat(TrainingQueueCodec.fromBytes(TrainingQueueCodec.toBytes(queue)))
                .isEqualTo(queue);
    }

    @Test
    void settingsSurviveTheirBytes() {
        for (var settings :
                List.of(
                        AdapterSettings.DEFAULT,
                        new AdapterSettings(true, 0.1, null, "{}", 7),
                        new AdapterSettings(false, null, 0.0, null, Long.MAX_VALUE))) {
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
                        "Events in state have format 9, must have 1 to 1."
                                + " Maybe a newer release wrote them.");
    }

    @Test
    void cutBytesAreRefusedAtEveryLength() {
        byte[] bytes =
                TrainingQueueCodec.toBytes(
                        new TrainingQueue(List.of(Turn.batch(List.of(FULL))), List.of()));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> TrainingQueueCodec.fromBytes(cut))
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
