package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Headers to be written; the first two say format and kind. */
final class HeaderList {

    private final List<TopicRecord.Header> headers = new ArrayList<>();
    private long bytes;

    HeaderList(RecordKind kind) {
        add(AdapterTopicFormat.FORMAT, AdapterTopicFormat.FORMAT_VERSION);
        add(AdapterTopicFormat.KIND, kind.text());
    }

    HeaderList add(String name, String value) {
        headers.add(new TopicRecord.Header(name, value));
        bytes += bytes(name, value);
        return this;
    }

    HeaderList add(String name, long value) {
        return add(name, Long.toString(value));
    }

    /** The bytes that are left for more. */
    long room() {
        return AdapterTopicFormat.MAX_HEADER_BYTES - bytes;
    }

    /** What a header takes. */
    static long bytes(String name, String value) {
        return name.length() + value.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The headers, if readers will accept so many. */
    List<TopicRecord.Header> checked(String record) {
        if (room() < 0) {
            throw new IllegalArgumentException(
                    "Headers of "
                            + record
                            + " ("
                            + bytes
                            + " bytes) must take at most "
                            + AdapterTopicFormat.MAX_HEADER_BYTES
                            + ".");
        }
        return headers;
    }
}
