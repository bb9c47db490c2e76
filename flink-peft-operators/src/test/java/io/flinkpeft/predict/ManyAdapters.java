package io.flinkpeft.predict;

/** Serves many large adapters, few of which are on the device. */
final class ManyAdapters {

    private ManyAdapters() {}

    /** Arguments: how many adapters of one megabyte. Ends with status 0 if each served. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        var engine = new FakePredictor();
        try (var adapters = new ServingAdapters(engine, 100, (all, id, step) -> {})) {
            for (int step = 1; step <= 2; step++) {
                for (int i = 0; i < count; i++) {
                    adapters.current(
                            FakePredictor.version("a" + i, step, FakePredictor.BASE, payload(i)));
                }
            }
            for (int i = 0; i < count; i++) {
                LoadedVersion held = adapters.hold("a" + i).orElseThrow();
                if (held.origin().step() != 2) {
                    throw new IllegalStateException(held.origin().name());
                }
                held.release();
            }
            if (adapters.spilledBytes() > 1_200_000L * count) {
                throw new IllegalStateException(adapters.spilledBytes() + " bytes on disk");
            }
        }
        System.exit(0);
    }

    private static String payload(int i) {
        return Character.toString('a' + i % 26).repeat(1 << 20);
    }
}
