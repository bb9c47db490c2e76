package io.flinkpeft.flink.state;

/** A {@link ReplayReservoir} as versioned bytes. */
final class ReplayReservoirCodec {

    static final int VERSION = EventWriter.VERSION;

    private ReplayReservoirCodec() {}

    static byte[] toBytes(ReplayReservoir reservoir) {
        var writer = new EventWriter();
        writer.number(reservoir.offered());
        writer.examples(reservoir.examples());
        return writer.bytes();
    }

    static ReplayReservoir fromBytes(byte[] bytes) {
        var reader = new EventReader(bytes);
        return new ReplayReservoir(reader.number(), reader.examples());
    }
}
