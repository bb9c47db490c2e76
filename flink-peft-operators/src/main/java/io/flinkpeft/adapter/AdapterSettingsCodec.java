package io.flinkpeft.adapter;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * {@link AdapterSettings} as bytes. Equal settings have equal bytes.
 *
 * <p>Format 1: the components in the order of the record, as {@link RecordWriter} writes them, one
 * that may be null as a list, without the last; behind them a checksum. Format 2: with the last.
 * Every later release reads both.
 */
public final class AdapterSettingsCodec {

    /** The newest format, the one that is written. */
    public static final int VERSION = 2;

    private static final String WHAT = "Adapter settings";

    private AdapterSettingsCodec() {}

    /** The settings in the newest format. */
    public static byte[] toBytes(AdapterSettings settings) {
        var out = new RecordWriter((byte) VERSION);
        out.integer(settings.paused() ? 1 : 0);
        write(out, settings.learningRate(), RecordWriter::number);
        write(out, settings.headLearningRate(), RecordWriter::number);
        write(out, settings.method(), RecordWriter::text);
        out.integer64(settings.firstStep());
        out.integer64(settings.countedFrom());
        return out.finish();
    }

    /**
     * Settings from bytes of any format so far.
     *
     * @throws IllegalArgumentException if they are damaged, or of a newer format
     */
    public static AdapterSettings fromBytes(byte[] bytes) {
        var in = new RecordReader(WHAT, bytes, (byte) VERSION);
        var settings =
                new AdapterSettings(
                        in.integer() == 1,
                        read(in, 8, RecordReader::number),
                        read(in, 8, RecordReader::number),
                        read(in, 4, RecordReader::text),
                        in.integer64(),
                        in.format() == 1 ? 0 : in.integer64());
        in.end();
        return settings;
    }

    private static <T> void write(RecordWriter out, T value, BiConsumer<RecordWriter, T> element) {
        out.list(value == null ? List.of() : List.of(value), element);
    }

    private static <T> T read(RecordReader in, int bytes, Function<RecordReader, T> element) {
        List<T> list = in.list(bytes, element);
        return list.isEmpty() ? null : list.get(0);
    }
}
