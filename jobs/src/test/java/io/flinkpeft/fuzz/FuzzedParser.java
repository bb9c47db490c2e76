package io.flinkpeft.fuzz;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.kafka.ExampleLimits;
import io.flinkpeft.kafka.JsonExampleDeserializer;
import io.flinkpeft.kafka.ParsedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the job reads its records with. */
final class FuzzedParser {

    private final JsonExampleDeserializer parser =
            new JsonExampleDeserializer(null, ExampleLimits.DEFAULT);
    private final PlantedFault fault;

    FuzzedParser(PlantedFault fault) {
        this.fault = fault;
        parser.open(
                new DeserializationSchema.InitializationContext() {
                    @Override
                    public MetricGroup getMetricGroup() {
                        return new UnregisteredMetricsGroup();
                    }

                    @Override
                    public UserCodeClassLoader getUserCodeClassLoader() {
                        return SimpleUserCodeClassLoader.create(
                                FuzzedParser.class.getClassLoader());
                    }
                });
    }

    /** Empty only by a planted fault. */
    Optional<ParsedRecord> parse(ConsumerRecord<byte[], byte[]> record) {
        var read = new ArrayList<ParsedRecord>();
        parser.deserialize(record, new ListCollector<>(read));
        if (read.size() != 1) {
            throw new IllegalStateException("Record " + record.offset() + " gave " + read);
        }
        var parsed = read.get(0);
        return switch (fault) {
            case PARSER_THROWS -> throwing(record, parsed);
            case RECORD_LOST -> Optional.of(parsed).filter(p -> record.value() != null);
            case PAYLOAD_LOST -> Optional.of(withoutPayload(parsed));
            case NAMES_MERGED -> Optional.of(merged(parsed));
            default -> Optional.of(parsed);
        };
    }

    private static Optional<ParsedRecord> throwing(
            ConsumerRecord<byte[], byte[]> record, ParsedRecord parsed) {
        boolean surrogate =
                record.value() != null
                        && new String(record.value(), StandardCharsets.UTF_8).contains("\\ud8");
        if (surrogate) {
            throw new IllegalStateException("planted");
        }
        return Optional.of(parsed);
    }

    private static ParsedRecord withoutPayload(ParsedRecord parsed) {
        Rejected r = parsed.rejected();
        return r == null
                ? parsed
                : ParsedRecord.of(
                        new Rejected(
                                r.cause(),
                                r.reason(),
                                r.adapterId(),
                                r.key(),
                                r.topic(),
                                r.partition(),
                                r.offset(),
                                r.timestampMillis(),
                                new byte[0]));
    }

    private static ParsedRecord merged(ParsedRecord parsed) {
        return parsed.event() instanceof Example e
                ? ParsedRecord.of(
                        new Example(
                                e.adapterId().strip().toLowerCase(Locale.ROOT),
                                e.id(),
                                e.text(),
                                e.textPair(),
                                e.label(),
                                e.target(),
                                e.timestampMillis(),
                                e.topic(),
                                e.partition(),
                                e.offset(),
                                e.raw()))
                : parsed;
    }
}
