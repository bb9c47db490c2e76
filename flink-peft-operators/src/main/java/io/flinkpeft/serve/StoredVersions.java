package io.flinkpeft.serve;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.AdapterVersionCodec;

/**
 * Versions in a {@link SpillFile}: of each only its name stays on the heap. Any thread may use it.
 */
public final class StoredVersions implements AutoCloseable {

    /**
     * A version in the file.
     *
     * @param adapterId whose version it is
     * @param step its step
     * @param sha256 of its payload
     * @param rest where all but its payload is
     * @param payload where its payload is
     */
    public record Stored(
            String adapterId,
            long step,
            String sha256,
            SpillFile.Slice rest,
            SpillFile.Slice payload) {

        /** The bytes it takes. */
        public long bytes() {
            return (long) rest.length() + payload.length();
        }
    }

    private final SpillFile file = new SpillFile();

    /** Keeps a version until it is freed. */
    public Stored store(AdapterVersion version) {
        var rest = AdapterVersionCodec.toBytes(version.withPayload(new byte[0]));
        var slice = file.write(rest);
        return new Stored(
                version.adapterId(),
                version.step(),
                version.sha256(),
                slice,
                file.write(version.payload()));
    }

    /** The version as it was. */
    public AdapterVersion load(Stored stored) {
        return AdapterVersionCodec.fromBytes(file.read(stored.rest()))
                .withPayload(file.read(stored.payload()));
    }

    /** Forgets a version. */
    public void free(Stored stored) {
        file.free(stored.rest());
        file.free(stored.payload());
    }

    /** For parts of versions. */
    public SpillFile file() {
        return file;
    }

    @Override
    public void close() {
        file.close();
    }
}
