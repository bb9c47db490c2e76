package io.flinkpeft.adapter;

/** The parts that states and versions have in common. */
final class LineageFormat {

    /** Bytes of a range with an empty topic. */
    private static final int RANGE_BYTES = 4 + 4 + 3 * 8;

    /** Bytes of a change with empty texts. */
    private static final int CHANGE_BYTES = 8 + 4 * 4;

    private LineageFormat() {}

    static void write(RecordWriter out, Numerics numerics) {
        out.text(numerics.dtype());
        out.integer(numerics.threads());
        out.text(numerics.device());
        out.text(numerics.libraries());
    }

    static Numerics readNumerics(RecordReader in) {
        return new Numerics(in.text(), in.integer(), in.text(), in.text());
    }

    static void write(RecordWriter out, Lineage lineage) {
        out.integer64(lineage.examples());
        out.integer64(lineage.maxTimestampMillis());
        out.list(
                lineage.offsets(),
                (o, range) -> {
                    o.text(range.topic());
                    o.integer(range.partition());
                    o.integer64(range.first());
                    o.integer64(range.last());
                    o.integer64(range.count());
                });
        out.list(
                lineage.changes(),
                (o, change) -> {
                    o.integer64(change.step());
                    write(o, change.former());
                });
    }

    static Lineage readLineage(RecordReader in) {
        return new Lineage(
                in.integer64(),
                in.integer64(),
                in.list(
                        RANGE_BYTES,
                        i ->
                                new OffsetRange(
                                        i.text(),
                                        i.integer(),
                                        i.integer64(),
                                        i.integer64(),
                                        i.integer64())),
                in.list(CHANGE_BYTES, i -> new NumericsChange(i.integer64(), readNumerics(i))));
    }
}
