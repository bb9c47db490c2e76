package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.testing.RandomVersions;
import java.util.List;
import java.util.Map;

/** Catches up with a compacted topic of many large versions: their pointers come at the end. */
final class ManyVersions {

    private static final int KEPT = 3;
    private static final int BYTES = 1 << 20;

    private final TopicView view;
    private long offset;
    private long told;

    private ManyVersions(StoredVersions store) {
        VersionSource.Listener listener =
                new VersionSource.Listener() {
                    @Override
                    public void current(AdapterVersion version) {
                        told += version.payload().length == BYTES ? 1 : 0;
                    }

                    @Override
                    public void none(String adapterId, long step) {}

                    @Override
                    public void removed(String adapterId) {}

                    @Override
                    public void refused(String adapterId, String reason) {
                        throw new IllegalStateException(adapterId + ": " + reason);
                    }

                    @Override
                    public void failed(Throwable cause) {}
                };
        view =
                new TopicView(
                        listener,
                        new VersionLimits(256L << 20, 100L << 30),
                        store,
                        (span, versions) -> Map.of());
    }

    /** Arguments: how many adapters. Ends with status 0 if all were told. */
    public static void main(String[] args) {
        int adapters = Integer.parseInt(args[0]);
        try (var store = new StoredVersions()) {
            var many = new ManyVersions(store);
            for (int step = 1; step <= KEPT; step++) {
                for (int i = 0; i < adapters; i++) {
                    many.accept(VersionRecords.DEFAULT.version(version(i, step)));
                }
            }
            for (int i = 0; i < adapters; i++) {
                many.accept(List.of(Records.pointer(version(i, KEPT))));
            }
            many.view.caughtUp();
            System.out.println(many.told + " told");
            System.exit(many.told == adapters ? 0 : 1);
        }
    }

    private void accept(Iterable<TopicRecord> records) {
        for (TopicRecord record : records) {
            view.accept(Records.read(record, offset++));
        }
    }

    private static AdapterVersion version(int adapter, int step) {
        return RandomVersions.version("a" + adapter, step, BYTES);
    }
}
