package io.flinkpeft.kafka;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.flink.RejectedRecords;
import io.flinkpeft.kafka.ExampleLimits.Tombstones;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Events as JSON objects, one a record:
 *
 * <pre>{@code
 * {"adapter": "user-42", "id": "ticket-7", "text": "...", "text_pair": "...",
 *  "label": "...", "target": "...", "timestamp": 1795255200000}
 *
 * {"adapter": "user-42", "id": "ticket-7", "label": "..."}
 * {"adapter": "user-42", "id": "ticket-7", "retracted": true}
 *
 * {"adapter": "user-42", "control": "pause"}
 * {"adapter": "user-42", "control": "set", "learning_rate": 1e-4, "head_learning_rate": 1e-3,
 *  "method": {"peft_type": "LORA", "r": 16, "lora_alpha": 32}}
 *
 * {"heartbeat": true, "timestamp": 1795255200000}
 * }</pre>
 *
 * <p>A record with {@code text} is an example; only the text must be there. One with {@code id} and
 * without a text is feedback: the label of an example, or with {@code retracted} the word that it
 * was wrong. One with {@code control}, which is an {@link Control.Action} in lower case, is a
 * control; one with {@code heartbeat} only moves its partition's event time. Without {@code
 * adapter} it is the record's key, or the default; without {@code timestamp}, which may be ISO-8601
 * text as well, it is the record's time; one far ahead of that is refused. Texts may stand as lists
 * of words in {@code tokens}; labels may be whole numbers, booleans, and lists of them for words;
 * any number of labels of a text are a list in {@code labels}, which may be empty; a target may be
 * a number, or a list of numbers. Other fields are ignored. A record that breaks a rule becomes a
 * rejected one with its reason; the deserializer never throws for what a record holds.
 */
public final class JsonExampleDeserializer
        implements KafkaRecordDeserializationSchema<ParsedRecord> {

    private static final Set<Cause> CAUSES =
            EnumSet.range(Cause.EMPTY, Cause.TIME); // what can be seen in a record

    private final String defaultAdapter;
    private final ExampleLimits limits;

    private transient ExampleParser parser;
    private transient RejectedRecords rejected;
    private transient Counter tombstones;

    /**
     * Reads events.
     *
     * @param defaultAdapter for records that name no adapter; null if such records are rejected
     * @param limits what a record must keep to
     */
    public JsonExampleDeserializer(String defaultAdapter, ExampleLimits limits) {
        this.defaultAdapter = defaultAdapter;
        this.limits = limits;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        var group = context.getMetricGroup().addGroup(RejectedRecords.GROUP);
        tombstones = group.counter(ExampleSource.TOMBSTONES_IGNORED);
        rejected = new RejectedRecords(context.getMetricGroup(), CAUSES);
        parser =
                new ExampleParser(
                        defaultAdapter, limits, group.counter(ExampleSource.EVENTS_AHEAD));
    }

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<ParsedRecord> collector) {
        if (record.value() == null && limits.tombstones() == Tombstones.IGNORE) {
            tombstones.inc();
            return;
        }
        ParsedRecord parsed = parser.parse(record);
        if (!parsed.isEvent()) {
            rejected.count(parsed.rejected());
        }
        collector.collect(parsed);
    }

    @Override
    public TypeInformation<ParsedRecord> getProducedType() {
        return ParsedRecord.TYPE;
    }
}
