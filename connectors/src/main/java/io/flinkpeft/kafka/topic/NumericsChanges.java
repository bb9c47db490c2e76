package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.NumericsChange;
import java.util.ArrayList;
import java.util.List;

/** Changes of numerics as headers: {@code step threads dtype device libraries}. */
final class NumericsChanges {

    private static final String HEADER = AdapterTopicFormat.NUMERICS_CHANGE;

    private NumericsChanges() {}

    static List<String> write(List<NumericsChange> changes) {
        return changes.stream().map(NumericsChanges::text).toList();
    }

    private static String text(NumericsChange change) {
        Numerics former = change.former();
        return change.step()
                + " "
                + former.threads()
                + " "
                + former.dtype()
                + " "
                + former.device()
                + " "
                + former.libraries();
    }

    static List<NumericsChange> read(List<String> texts) throws InvalidRecordException {
        var changes = new ArrayList<NumericsChange>(texts.size());
        for (String text : texts) {
            String[] parts = text.split(" ", 5);
            if (parts.length != 5) {
                throw HeaderReader.invalid(HEADER, text, "be step threads dtype device libraries");
            }
            long step = HeaderReader.number(HEADER, parts[0], 0, Long.MAX_VALUE);
            int threads = (int) HeaderReader.number(HEADER, parts[1], 0, Integer.MAX_VALUE);
            var former = new Numerics(parts[2], threads, parts[3], parts[4]);
            changes.add(new NumericsChange(step, former));
        }
        return changes;
    }
}
