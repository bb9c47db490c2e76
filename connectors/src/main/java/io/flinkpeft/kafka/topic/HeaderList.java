package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Headers to be written; the first two say format and kind. */
final class HeaderList {

    private final List<TopicRecord.Header> headers = new ArrayList<>();

    HeaderList(RecordKind kind) {
        add(AdapterTopicFormat.FORMAT, AdapterTopicFormat.FORMAT_VERSION);
        add(AdapterTopicFormat.KIND, kind.text());
    }

    HeaderList add(String name, String value) {
        headers.add(new TopicRecord.Header(name, value));
        return this;
    }

    HeaderList add(String name, long value) {
        return add(name, Long.toString(value));
    }

    /** The headers, if readers will accept so many. */
    List<TopicRecord.Header> checked(String record) {
        long bytes = 0;
        for (var header : headers) {
            bytes += header.name().length();
            bytes += header.value().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > AdapterTopicFormat.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "Headers of "
                            + record
                            + " ("
                            + bytes
                            + " bytes) must take at most "
                            + AdapterTopicFormat.MAX_HEADER_BYTES
                            + ". Maybe it was trained on too many partitions.");
        }
        return headers;
    }
}
