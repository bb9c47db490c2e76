package io.flinkpeft.adapter;

/**
 * {@link AdapterState} as bytes. Equal states have equal bytes; every value comes back bit by bit.
 *
 * <p>Format 2: the components in the order of the record, as {@link RecordWriter} writes them;
 * behind them a checksum. Format 1 lacks the statistics of the newest version, which are none then.
 * Every later release reads both.
 */
public final class AdapterStateCodec {

    /** The newest format, the one that is written. */
    public static final int VERSION = 2;

    private static final String WHAT = "Adapter state";

    private AdapterStateCodec() {}

    /** The state in the newest format. */
    public static byte[] toBytes(AdapterState state) {
        var out = new RecordWriter((byte) VERSION);
        out.text(state.adapterId());
        out.text(state.baseHash());
        out.text(state.method());
        LineageFormat.write(out, state.numerics());
        out.integer64(state.step());
        out.integer64(state.publishedStep());
        out.list(state.labels(), RecordWriter::text);
        out.integer(state.labelCapacity());
        LineageFormat.write(out, state.lineage());
        write(out, state.statistics());
        write(out, state.publishedStatistics());
        out.floats(state.row());
        out.floats(state.firstMoment());
        out.floats(state.secondMoment());
        return out.finish();
    }

    /**
     * A state from bytes of any format so far.
     *
     * @throws IllegalArgumentException if they are damaged, or of a newer format
     */
    public static AdapterState fromBytes(byte[] bytes) {
        var in = new RecordReader(WHAT, bytes, (byte) VERSION);
        var state =
                new AdapterState(
                        in.text(),
                        in.text(),
                        in.text(),
                        LineageFormat.readNumerics(in),
                        in.integer64(),
                        in.integer64(),
                        in.list(4, RecordReader::text),
                        in.integer(),
                        LineageFormat.readLineage(in),
                        readStatistics(in),
                        in.format() > 1 ? readStatistics(in) : PrequentialStatistics.NONE,
                        in.floats(),
                        in.floats(),
                        in.floats());
        in.end();
        return state;
    }

    private static void write(RecordWriter out, PrequentialStatistics statistics) {
        out.integer64(statistics.examples());
        out.integer64(statistics.correct());
        out.number(statistics.lossSum());
        out.number(statistics.recentAccuracy());
        out.number(statistics.recentLoss());
    }

    private static PrequentialStatistics readStatistics(RecordReader in) {
        return new PrequentialStatistics(
                in.integer64(), in.integer64(), in.number(), in.number(), in.number());
    }
}
