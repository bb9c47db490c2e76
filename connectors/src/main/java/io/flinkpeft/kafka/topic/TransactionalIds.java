package io.flinkpeft.kafka.topic;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The transactional ids of a job's subtasks.
 *
 * @param base how all begin
 * @param count how many subtasks there are
 */
record TransactionalIds(String base, int count) {

    /** Flink's largest parallelism. */
    private static final int MAX = 1 << 15;

    /** Nobody's. */
    static final TransactionalIds NONE = new TransactionalIds("", 0);

    /** That of a subtask. The count is in it: a job at another parallelism has others. */
    String of(int subtask) {
        return base + "-" + subtask + "-of-" + count;
    }

    List<String> all() {
        return IntStream.range(0, count).mapToObj(this::of).toList();
    }

    String text() {
        return count + " " + base;
    }

    static TransactionalIds parse(String text) throws InvalidRecordException {
        String[] parts = text.split(" ", 2);
        if (parts.length != 2) {
            throw HeaderReader.invalid(AdapterTopicFormat.TRANSACTIONAL_IDS, text, "be count base");
        }
        String name = AdapterTopicFormat.TRANSACTIONAL_IDS;
        return new TransactionalIds(parts[1], (int) HeaderReader.number(name, parts[0], 1, MAX));
    }

    static TransactionalIds ofState(String text) {
        try {
            return parse(text);
        } catch (InvalidRecordException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
