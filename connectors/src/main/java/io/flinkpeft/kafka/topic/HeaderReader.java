package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers of one record, read with suspicion. */
final class HeaderReader {

    private static final int MAX_SHOWN = 60;

    private final Map<String, List<String>> values = new HashMap<>();

    HeaderReader(Headers headers) throws InvalidRecordException {
        long bytes = 0;
        for (Header header : headers) {
            if (header.value() != null) {
                bytes += header.key().length() + header.value().length;
                values.computeIfAbsent(header.key(), key -> new ArrayList<>())
                        .add(new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        if (bytes > AdapterTopicFormat.MAX_HEADER_BYTES) {
            throw new InvalidRecordException(
                    "Headers ("
                            + bytes
                            + " bytes) must take at most "
                            + AdapterTopicFormat.MAX_HEADER_BYTES
                            + ".");
        }
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    String one(String name) throws InvalidRecordException {
        List<String> all = all(name);
        if (all.size() != 1) {
            throw new InvalidRecordException(
                    "Header " + name + " (" + all.size() + " times) must be there once.");
        }
        return all.get(0);
    }

    String expect(String name, String value) throws InvalidRecordException {
        String found = one(name);
        if (!found.equals(value)) {
            throw invalid(name, found, "be " + value);
        }
        return found;
    }

    String sha256() throws InvalidRecordException {
        String found = one(AdapterTopicFormat.SHA256);
        if (!Sha256.isOne(found)) {
            throw invalid(AdapterTopicFormat.SHA256, found, "be 64 lower-case hex digits");
        }
        return found;
    }

    long number(String name, long min, long max) throws InvalidRecordException {
        return number(name, one(name), min, max);
    }

    static long number(String name, String text, long min, long max) throws InvalidRecordException {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw invalid(name, text, "be a whole number from " + min + " to " + max);
    }

    static InvalidRecordException invalid(String name, String value, String must) {
        String shown = value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
        return new InvalidRecordException("Header " + name + " (" + shown + ") must " + must + ".");
    }
}
