package io.flinkpeft.kafka.topic;

import static io.flinkpeft.kafka.topic.AdapterTopicFormat.BASE;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.CHUNKS;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.DEVICE;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.DTYPE;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.EXAMPLES;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.LENGTH;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.LIBRARIES;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.MAX_CHUNKS;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.MAX_TIMESTAMP;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.METHOD;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.METRIC;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.NUMERICS_CHANGE;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.OFFSETS;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.PARENT;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.STEP;
import static io.flinkpeft.kafka.topic.AdapterTopicFormat.THREADS;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.OffsetRange;
import io.flinkpeft.adapter.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that is known of a version without its payload.
 *
 * @param adapterId whose version it is
 * @param step its step
 * @param parentStep the step of the version before it, or -1
 * @param baseHash SHA-256 of the base model
 * @param method the PEFT type
 * @param numerics what decided its bits
 * @param lineage what it was trained on
 * @param metrics what is known of its quality
 * @param sha256 of the payload
 * @param bytes the payload's length
 * @param chunks how many chunks the payload was cut into; 0 if none
 */
public record VersionHead(
        String adapterId,
        long step,
        long parentStep,
        String baseHash,
        String method,
        Numerics numerics,
        Lineage lineage,
        Map<String, Double> metrics,
        String sha256,
        int bytes,
        int chunks) {

    static VersionHead of(AdapterVersion version, int chunks) {
        return new VersionHead(
                version.adapterId(),
                version.step(),
                version.parentStep(),
                version.baseHash(),
                version.method(),
                version.numerics(),
                version.lineage(),
                version.metrics(),
                version.sha256(),
                version.payload().length,
                chunks);
    }

    static VersionHead read(TopicKey key, HeaderReader headers) throws InvalidRecordException {
        headers.expect(AdapterTopicFormat.ADAPTER, key.adapterId());
        headers.expect(STEP, Long.toString(key.step()));
        return new VersionHead(
                key.adapterId(),
                key.step(),
                headers.number(PARENT, -1, Long.MAX_VALUE),
                headers.one(BASE),
                headers.one(METHOD),
                new Numerics(
                        headers.one(DTYPE),
                        (int) headers.number(THREADS, 0, Integer.MAX_VALUE),
                        headers.one(DEVICE),
                        headers.one(LIBRARIES)),
                new Lineage(
                        headers.number(EXAMPLES, 0, Long.MAX_VALUE),
                        headers.number(MAX_TIMESTAMP, Long.MIN_VALUE, Long.MAX_VALUE),
                        offsets(headers.all(OFFSETS)),
                        NumericsChanges.read(headers.all(NUMERICS_CHANGE))),
                metrics(headers.all(METRIC)),
                headers.sha256(),
                (int) headers.number(LENGTH, 0, Integer.MAX_VALUE),
                (int) headers.number(CHUNKS, 0, MAX_CHUNKS));
    }

    /** {@code adapterId@step}. */
    public String name() {
        return adapterId + "@" + step;
    }

    /** The version, if the payload is the one this speaks of. */
    AdapterVersion with(byte[] payload) throws InvalidRecordException {
        if (payload.length != bytes) {
            throw new InvalidRecordException(
                    "Payload (" + payload.length + " bytes) must have " + bytes + ".");
        }
        String found = Sha256.of(payload);
        if (!found.equals(sha256)) {
            throw new InvalidRecordException(
                    "Payload with SHA-256 (" + found + ") must have " + sha256 + ".");
        }
        return new AdapterVersion(
                adapterId,
                step,
                parentStep,
                baseHash,
                method,
                numerics,
                lineage,
                metrics,
                payload,
                sha256);
    }

    List<TopicRecord.Header> headers() {
        var headers = new HeaderList(RecordKind.VERSION);
        headers.add(AdapterTopicFormat.ADAPTER, adapterId)
                .add(STEP, step)
                .add(PARENT, parentStep)
                .add(BASE, baseHash)
                .add(METHOD, method)
                .add(DTYPE, numerics.dtype())
                .add(THREADS, numerics.threads())
                .add(DEVICE, numerics.device())
                .add(LIBRARIES, numerics.libraries())
                .add(EXAMPLES, lineage.examples())
                .add(MAX_TIMESTAMP, lineage.maxTimestampMillis())
                .add(AdapterTopicFormat.SHA256, sha256)
                .add(LENGTH, bytes)
                .add(CHUNKS, chunks);
        RepeatedHeaders.add(lineage, metrics, headers);
        return headers.checked(name());
    }

    private static List<OffsetRange> offsets(List<String> texts) throws InvalidRecordException {
        var ranges = new ArrayList<OffsetRange>(texts.size());
        for (String text : texts) {
            String[] parts = text.split(" ", 5);
            if (parts.length != 5) {
                throw HeaderReader.invalid(OFFSETS, text, "be partition first last count topic");
            }
            var numbers = new long[4];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = HeaderReader.number(OFFSETS, parts[i], -1, Long.MAX_VALUE);
            }
            int partition = (int) Math.min(numbers[0], Integer.MAX_VALUE);
            ranges.add(new OffsetRange(parts[4], partition, numbers[1], numbers[2], numbers[3]));
        }
        return ranges;
    }

    private static Map<String, Double> metrics(List<String> texts) throws InvalidRecordException {
        var metrics = new TreeMap<String, Double>();
        for (String text : texts) {
            int space = text.indexOf(' ');
            try {
                metrics.put(text.substring(space + 1), Double.valueOf(text.substring(0, space)));
            } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
                throw HeaderReader.invalid(METRIC, text, "be value name");
            }
        }
        return metrics;
    }
}
