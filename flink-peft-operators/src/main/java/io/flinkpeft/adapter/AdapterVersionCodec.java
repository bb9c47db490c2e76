package io.flinkpeft.adapter;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@link AdapterVersion} as bytes, for state and for edges of a job; topics have a form of their
 * own. Equal versions have equal bytes.
 *
 * <p>Format 1: the components in the order of the record, as {@link RecordWriter} writes them;
 * behind them a checksum. Every later release reads it.
 */
public final class AdapterVersionCodec {

    /** The newest format, the one that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "Adapter version";

    private AdapterVersionCodec() {}

    /** The version in the newest format. */
    public static byte[] toBytes(AdapterVersion version) {
        var out = new RecordWriter((byte) VERSION);
        out.text(version.adapterId());
        out.integer64(version.step());
        out.integer64(version.parentStep());
        out.text(version.baseHash());
        out.text(version.method());
        LineageFormat.write(out, version.numerics());
        LineageFormat.write(out, version.lineage());
        out.list(
                List.copyOf(version.metrics().entrySet()),
                (o, metric) -> {
                    o.text(metric.getKey());
                    o.number(metric.getValue());
                });
        out.bytes(version.payload());
        out.text(version.sha256());
        return out.finish();
    }

    /**
     * A version from bytes of any format so far. Whether the payload has the hash that the version
     * says is not checked.
     *
     * @throws IllegalArgumentException if they are damaged, or of a newer format
     */
    public static AdapterVersion fromBytes(byte[] bytes) {
        var in = new RecordReader(WHAT, bytes, (byte) VERSION);
        var version =
                new AdapterVersion(
                        in.text(),
                        in.integer64(),
                        in.integer64(),
                        in.text(),
                        in.text(),
                        LineageFormat.readNumerics(in),
                        LineageFormat.readLineage(in),
                        readMetrics(in),
                        in.bytes(),
                        in.text());
        in.end();
        return version;
    }

    private static Map<String, Double> readMetrics(RecordReader in) {
        var metrics = new TreeMap<String, Double>();
        in.list(12, i -> metrics.put(i.text(), i.number()));
        return metrics;
    }
}
