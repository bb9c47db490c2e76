package io.flinkpeft.kafka.topic;

import java.util.Locale;

/** What a record of an adapter topic holds; {@link AdapterTopicFormat#KIND} says it. */
enum RecordKind {
    VERSION,
    CHUNK,
    POINTER,
    CLAIM;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
