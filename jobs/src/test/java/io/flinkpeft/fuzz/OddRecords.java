package io.flinkpeft.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.flink.config.EventOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Records of a topic of examples. A fifth belong to the witnesses, adapters whose records are as
 * they should be: what they learn must not depend on the others. The rest are such records too,
 * half of them changed in one place or several.
 *
 * <p>Witnesses have a partition of their own, for what is late follows from a partition. An offset
 * is in one of the two only. For the order of event time records are mixed, and labels follow.
 */
final class OddRecords {

    static final String TOPIC = "examples";
    static final int WITNESSES = 3;
    private static final int ADAPTERS = 8;
    private static final int MIXED = 15; // seconds
    private static final long START = 1_790_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Chance chance;
    private final OddTexts texts;
    private final OddMethods methods;
    private final boolean mixed;

    OddRecords(long seed, EventOrder order) {
        mixed = order.kind() == EventOrder.Kind.EVENT_TIME;
        chance = new Chance(seed);
        texts = new OddTexts(chance);
        methods = new OddMethods(chance);
    }

    static String witness(int index) {
        return "witness-" + index;
    }

    static boolean isWitness(byte[] key) {
        return key != null && new String(key, UTF_8).matches("witness-[0-9]");
    }

    List<ConsumerRecord<byte[], byte[]>> records(int count) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            boolean witness = chance.oneIn(5);
            String adapter =
                    witness ? witness(chance.below(WITNESSES)) : "a" + chance.below(ADAPTERS);
            byte[] key = adapter.getBytes(UTF_8);
            byte[] value = plain(i).getBytes(UTF_8);
            if (!witness && chance.oneIn(2)) {
                key = chance.oneIn(6) ? oddKey() : key;
                value = oddValue(i);
            }
            records.add(record(witness ? 1 : 0, i, key, value));
        }
        return records;
    }

    private ConsumerRecord<byte[], byte[]> record(
            int partition, int offset, byte[] key, byte[] value) {
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                offset,
                START + 1000L * offset,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private String plain(int i) {
        return json(mixed && chance.oneIn(10) ? feedback(i) : example(i));
    }

    private long time(int i) {
        return START + 1000L * (i - (mixed ? chance.below(MIXED) : 0));
    }

    /** About one of the examples before it, if its adapter has that one. */
    private Map<String, Object> feedback(int i) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("id", "e" + Math.max(0, i - chance.below(2 * MIXED)));
        if (chance.oneIn(3)) {
            fields.put("retracted", true);
        } else {
            fields.put("label", texts.label());
        }
        fields.put("timestamp", time(i));
        return fields;
    }

    private Map<String, Object> example(int i) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("text", texts.plain());
        if (!chance.oneIn(8)) {
            fields.put("label", texts.label());
        }
        if (mixed && !chance.oneIn(4)) {
            fields.put("id", "e" + (chance.oneIn(20) ? Math.max(0, i - 1) : i));
        }
        fields.put("timestamp", time(i));
        return fields;
    }

    private byte[] oddKey() {
        return chance.of(
                null,
                new byte[0],
                new byte[] {(byte) 0xe9},
                new byte[] {(byte) 0xff, (byte) 0xfe},
                "Witness-1".getBytes(UTF_8),
                "witness-1 ".getBytes(UTF_8),
                "witness-1@7".getBytes(UTF_8),
                "wit\u0000ness-1".getBytes(UTF_8),
                "a@b.com".getBytes(UTF_8),
                "a#1".getBytes(UTF_8),
                "x".repeat(2000).getBytes(UTF_8));
    }

    private byte[] oddValue(int i) {
        return switch (chance.below(10)) {
            case 0, 1 -> control(i).getBytes(UTF_8);
            case 2 -> chance.garbled(plain(i).getBytes(UTF_8));
            case 3 -> raw(i);
            default -> json(changed(example(i), i)).getBytes(UTF_8);
        };
    }

    private Map<String, Object> changed(Map<String, Object> fields, int i) {
        do {
            change(fields, i);
        } while (chance.oneIn(3));
        return fields;
    }

    private void change(Map<String, Object> fields, int i) {
        switch (chance.below(12)) {
            case 0, 1, 2 -> fields.put("text", texts.odd());
            case 3, 4 -> fields.put("label", texts.odd());
            case 5 -> fields.put("label", chance.of(3, true, null, List.of("food"), Map.of()));
            case 6 -> fields.put("timestamp", oddTime(i));
            case 7 -> fields.put("adapter", oddAdapter());
            case 8 -> fields.put("text_pair", texts.odd());
            case 9 -> fields.put("target", texts.odd());
            case 10 -> fields.put("id", texts.odd());
            default -> fields.put(chance.of("retracted", "heartbeat", "weight", "x"), true);
        }
    }

    private Object oddTime(int i) {
        return chance.of(
                START + 1000L * (i + 20),
                START / 1000,
                0L,
                -1L,
                Long.MAX_VALUE,
                1.5,
                "2026-11-30T00:00:00Z",
                "9999-01-01T00:00:00Z",
                "yesterday",
                START - 86_400_000L);
    }

    private Object oddAdapter() {
        return chance.of("a1", "", " ", "a@b.com", "a#1", texts.odd(), 7, null, "WITNESS-0");
    }

    private String control(int i) {
        String action =
                chance.of("pause", "resume", "reset", "drop", "set", "set", "set", "expire", "no");
        String more =
                switch (chance.below(4)) {
                    case 0 -> ",\"learning_rate\":" + rate();
                    case 1 -> ",\"head_learning_rate\":" + rate();
                    case 2 -> ",\"method\":" + methods.method();
                    default -> "";
                };
        return "{\"control\":\"" + action + "\",\"timestamp\":" + (START + 1000L * i) + more + "}";
    }

    private String rate() {
        return chance.of("1e-3", "5e-3", "0", "-1", "1e300", "1e38", "1e30", "1e-320", "\"x\"");
    }

    private byte[] raw(int i) {
        String plain = plain(i);
        return chance.of(
                null,
                new byte[0],
                "null".getBytes(UTF_8),
                "[]".getBytes(UTF_8),
                "{}".getBytes(UTF_8),
                ("\uFEFF" + plain).getBytes(UTF_8),
                (plain + plain).getBytes(UTF_8),
                ("[".repeat(5000)).getBytes(UTF_8),
                plain.replace("}", ",\"text\":\"again\"}").getBytes(UTF_8),
                plain.replace("\"text\":\"", "\"text\":\"\\ud800").getBytes(UTF_8),
                new byte[] {(byte) 0x80, 0, (byte) 0xff});
    }

    private static String json(Map<String, Object> fields) {
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
