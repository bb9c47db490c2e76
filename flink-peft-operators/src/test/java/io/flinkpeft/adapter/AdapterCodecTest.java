package io.flinkpeft.adapter;

import static io.flinkpeft.adapter.CodecSamples.STATE;
import static io.flinkpeft.adapter.CodecSamples.VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdapterCodecTest {

    private static final Path RELEASES = Path.of("src/test/resources/state");

    private static Stream<Arguments> codecs() {
        Function<byte[], Object> state = AdapterStateCodec::fromBytes;
        Function<byte[], Object> version = AdapterVersionCodec::fromBytes;
        return Stream.of(
                arguments("Adapter state", AdapterStateCodec.toBytes(STATE), state),
                arguments("Adapter version", AdapterVersionCodec.toBytes(VERSION), version));
    }

    @Test
    void whatWasWrittenIsReadBack() {
        assertThat(AdapterStateCodec.fromBytes(AdapterStateCodec.toBytes(STATE))).isEqualTo(STATE);
        assertThat(AdapterVersionCodec.fromBytes(AdapterVersionCodec.toBytes(VERSION)))
                .isEqualTo(VERSION);
    }

    @Test
    void emptyPartsAreReadBack() {
        var state =
                new AdapterState(
                        "a",
                        "",
                        "",
                        new Numerics("", 0, "", ""),
                        0,
                        -1,
                        List.of(),
                        0,
                        Lineage.NONE,
                        PrequentialStatistics.NONE,
                        PrequentialStatistics.NONE.plus(true, 2),
                        new float[0],
                        new float[0],
                        new float[0]);
        assertThat(AdapterStateCodec.fromBytes(AdapterStateCodec.toBytes(state))).isEqualTo(state);
    }

    @Test
    void everyBitOfAFloatSurvives() {
        float quietNan = Float.intBitsToFloat(0x7fc01234);
        float[] row = {quietNan, -0f, Float.MIN_VALUE};
        var state = withRow(row);
        float[] read = AdapterStateCodec.fromBytes(AdapterStateCodec.toBytes(state)).row();
        for (int i = 0; i < row.length; i++) {
            assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(Float.floatToRawIntBits(row[i]));
        }
    }

    @Test
    void largeRowsAreReadBack() {
        float[] row = new float[300_000];
        Arrays.setAll(new int[row.length], i -> (int) (row[i] = i));
        byte[] bytes = AdapterStateCodec.toBytes(withRow(row));
        assertThat(bytes.length).isBetween(12 * row.length, 12 * row.length + 1000);
        assertThat(AdapterStateCodec.fromBytes(bytes).row()).isEqualTo(row);
    }

    private static AdapterState withRow(float[] row) {
        return new AdapterState(
                STATE.adapterId(),
                STATE.baseHash(),
                STATE.method(),
                STATE.numerics(),
                STATE.step(),
                STATE.publishedStep(),
                STATE.labels(),
                STATE.labelCapacity(),
                STATE.lineage(),
                STATE.statistics(),
                STATE.publishedStatistics(),
                row,
                row,
                row);
    }

    @Test
    void metricsInAnyOrderGiveTheSameBytes() {
        var other =
                new AdapterVersion(
                        VERSION.adapterId(),
                        VERSION.step(),
                        VERSION.parentStep(),
                        VERSION.baseHash(),
                        VERSION.method(),
                        VERSION.numerics(),
                        VERSION.lineage(),
                        Map.of("loss", 0.5, "accuracy", 0.75),
                        VERSION.payload(),
                        VERSION.sha256());
        assertThat(AdapterVersionCodec.toBytes(other))
                .isEqualTo(AdapterVersionCodec.toBytes(VERSION));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codecs")
    void aCutRecordIsRefused(String what, byte[] bytes, Function<byte[], Object> codec) {
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> codec.apply(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(what);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codecs")
    void aChangedBitIsNoticed(String what, byte[] bytes, Function<byte[], Object> codec) {
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> codec.apply(changed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(what);
        }
    }

    /** Damage with a right checksum: nothing may be made of a length that is not there. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("codecs")
    void lengthsThatLieAreRefused(String what, byte[] bytes, Function<byte[], Object> codec) {
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = bytes.clone();
            int at = 1 + random.nextInt(bytes.length - 8);
            int[] values = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, bytes.length, 1, 0};
            ByteBuffer.wrap(changed).putInt(at, values[random.nextInt(values.length)]);
            seal(changed);
            try {
                codec.apply(changed);
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static void seal(byte[] record) {
        int end = record.length - 4;
        ByteBuffer.wrap(record).putInt(end, RecordWriter.checksum(record, end));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codecs")
    void bytesAtTheEndAreRefused(String what, byte[] bytes, Function<byte[], Object> codec) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        seal(longer);
        assertThatThrownBy(() -> codec.apply(longer))
                .hasMessage(what + " has 3 bytes too many at its end.");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codecs")
    void aNewerFormatIsNamed(String what, byte[] bytes, Function<byte[], Object> codec) {
        byte[] newer = bytes.clone();
        newer[0]++;
        seal(newer);
        assertThatThrownBy(() -> codec.apply(newer))
                .hasMessage(
                        what
                                + " has format "
                                + newer[0]
                                + ", must have one from 1 to "
                                + bytes[0]
                                + ". Maybe a newer release wrote it.");
    }

    @Test
    void whatAnEarlierReleaseWroteIsRead() throws Exception {
        try (var releases = Files.list(RELEASES)) {
            var folders = releases.filter(Files::isDirectory).sorted().toList();
            assertThat(folders).isNotEmpty();
            for (Path folder : folders) {
                byte[] state = Files.readAllBytes(folder.resolve(CodecSamples.STATE_FILE));
                byte[] version = Files.readAllBytes(folder.resolve(CodecSamples.VERSION_FILE));
                assertThat(AdapterStateCodec.fromBytes(state)).as("%s", folder).isEqualTo(STATE);
                assertThat(AdapterVersionCodec.fromBytes(version))
                        .as("%s", folder)
                        .isEqualTo(VERSION);
            }
        }
    }
}
