package io.flinkpeft.flink.state;

/** A {@link ReplayReservoir} as versioned bytes. */
final class ReplayReservoirCodec {

    static final int VERSION = 1;

    private ReplayReservoirCodec() {}

    static byte[] toBytes(ReplayReservoir reservoir) {
        var writer = new EventWriter(VERSION);
        writer.number(reservoir.offered());
        writer.examples(reservoir.examples());
        return writer.bytes();
    }

    static ReplayReservoir fromBytes(byte[] bytes) {
        var reader = new EventReader(bytes, VERSION);
        return new ReplayReservoir(reader.number(), reader.examples());
    }
}
