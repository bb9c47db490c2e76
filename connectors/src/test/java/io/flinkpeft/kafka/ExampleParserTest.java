package io.flinkpeft.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleParserTest {

    private static final long TIME = 1_800_000_000_000L;

    private final Counter ahead = new SimpleCounter();
    private final ExampleParser parser =
            new ExampleParser(
                    "fallback",
                    new ExampleLimits(
                            400,
                            50,
                            9,
                            Duration.ofHours(1),
                            100_000_000_000L,
                            ExampleLimits.Tombstones.DEAD_LETTER),
                    ahead);

    @Test
    void allFieldsArrive() {
        String json =
                """
                {"adapter": "user-42", "text": "a \\u00fc \\ud83d\\ude00", "text_pair": "b",
                 "label": "good", "target": "t", "timestamp": 1600000000000,
                 "other": {"text": [1, 2, {"adapter": 3}]}, "more": null}
                """;
        assertThat(parse("key", json).event())
                .isEqualTo(
                        new Example(
                                "user-42",
                                "a \u00fc \uD83D\uDE00",
                                "b",
                                "good",
                                "t",
                                1_600_000_000_000L,
                                "in",
                                3,
                                17));
    }

    @Test
    void aControlArrives() {
        String json =
                """
                {"adapter": "user-42", "control": "set", "learning_rate": 1e-4,
                 "head_learning_rate": 2, "method": {"r": 2, "x": ["ü", {}] },
                 "timestamp": 1600000000000, "heartbeat": false}
                """;
        assertThat(parse("key", json))
                .isEqualTo(
                        ParsedRecord.of(
                                new Control(
                                        "user-42",
                                        Control.Action.SET,
                                        1e-4,
                                        2.0,
                                        "{\"r\": 2, \"x\": [\"ü\", {}] }",
                                        1_600_000_000_000L,
                                        "in",
                                        3,
                                        17)));
    }

    @ParameterizedTest
    @EnumSource
    void everyActionHasItsName(Control.Action action) {
        String json = "{\"control\": \"" + action.name().toLowerCase(Locale.ROOT) + "\"}";
        assertThat(parse("key", json).event())
                .isEqualTo(Control.of("key", action).at(TIME, "in", 3, 17));
    }

    @Test
    void aMethodHasALimit() {
        var large = new ExampleParser("a", ExampleLimits.DEFAULT, ahead);
        String json = "{\"control\": \"set\", \"method\": {\"x\": \"" + "y".repeat(16_384) + "\"}}";
        assertThat(large.parse(record("key", json.getBytes(UTF_8))).rejected().reason())
                .isEqualTo("Field method (16393 bytes) must have at most 16384.");
    }

    @Test
    void anExampleMayHaveAnId() {
        String json = "{\"id\": \"i\", \"text\": \"\", \"label\": \"x\"}";
        assertThat(parse("key", json).event())
                .isEqualTo(Example.labelled("key", "", "x").named("i").at(TIME, "in", 3, 17));
    }

    @Test
    void aLabelOrARetractionMayFollowItsText() {
        assertThat(
                        parse(
                                        "key",
                                        "{\"id\": \"i\", \"label\": \"x\", \"timestamp\": 1600000000005}")
                                .event())
                .isEqualTo(new Feedback("key", "i", "x", 1_600_000_000_005L, "in", 3, 17));
        assertThat(parse("key", "{\"id\": \"i\", \"retracted\": true, \"label\": null}").event())
                .isEqualTo(new Feedback("key", "i", null, TIME, "in", 3, 17));
    }

    @Test
    void aHeartbeatIsForNoAdapter() {
        var strict = new ExampleParser(null, ExampleLimits.DEFAULT, ahead);
        byte[] json = "{\"heartbeat\": true, \"timestamp\": 1600000000005}".getBytes(UTF_8);
        assertThat(strict.parse(record(null, json)).event())
                .usingRecursiveComparison()
                .ignoringFields("raw")
                .isEqualTo(new Heartbeat(1_600_000_000_005L, "in", 3, 17));
    }

    @Test
    void onlyTheTextMustBeThere() {
        assertThat(parse("key", "{\"text\": \"\"}").event())
                .isEqualTo(new Example("key", "", null, null, null, TIME, "in", 3, 17));
    }

    @Test
    void nullIsAsGoodAsMissing() {
        String json =
                """
                {"adapter": null, "text": "x", "text_pair": null, "label": null,
                 "target": null, "timestamp": null}
                """;
        assertThat(parse("key", json).event())
                .isEqualTo(new Example("key", "x", null, null, null, TIME, "in", 3, 17));
    }

    @Test
    void theAdapterIsTheFieldOrTheKeyOrTheDefault() {
        assertThat(parse("key", "{\"adapter\":\"a\",\"text\":\"\"}").event().adapterId())
                .isEqualTo("a");
        assertThat(parse("key", "{\"text\":\"\"}").event().adapterId()).isEqualTo("key");
        assertThat(parse("", "{\"text\":\"\"}").event().adapterId()).isEqualTo("fallback");
        assertThat(parse(null, "{\"text\":\"\"}").event().adapterId()).isEqualTo("fallback");
        var strict = new ExampleParser(null, ExampleLimits.DEFAULT, ahead);
        assertThat(
                        strict.parse(record(null, "{\"text\":\"\"}".getBytes(UTF_8)))
                                .rejected()
                                .reason())
                .isEqualTo("Field adapter (missing) must name one, or the record's key.");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T10:15:30Z, 2026-11-21T10:15:30Z",
        "2026-11-21T10:15:30.25+02:00, 2026-11-21T08:15:30.250Z",
        "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z"
    })
    void timestampsMayBeText(String text, String instant) {
        String json = "{\"text\": \"x\", \"timestamp\": \"" + text + "\"}";
        assertThat(parse("key", json).event().timestampMillis())
                .isEqualTo(Instant.parse(instant).toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'text': 'x'",
                "'control': 'pause'",
                "'id': 'i', 'label': 'x'",
                "'id': 'i', 'retracted': true",
                "'heartbeat': true"
            })
    void whatIsFarAheadOfItsRecordIsRejectedAndCounted(String fields) {
        String json = "{" + fields.replace('\'', '"') + ", \"timestamp\": ";
        long last = TIME + 3_600_000;
        assertThat(parse("key", json + last + "}").event().timestampMillis()).isEqualTo(last);
        assertThat(ahead.getCount()).isZero();
        assertThat(parse("key", json + "\"2027-01-15T09:00:00.001Z\"}").rejected().reason())
                .isEqualTo(
                        "Field timestamp (1800003600001) must be at most examples.max-ahead"
                                + " (3600000 ms) after the time that Kafka has of its record"
                                + " (1800000000000).");
        assertThat(ahead.getCount()).isOne();
    }

    @Test
    void nothingIsAheadOfARecordWithoutATime() {
        byte[] json = "{\"text\": \"x\", \"timestamp\": 253402300799000}".getBytes(UTF_8);
        var old = record("key", json, ConsumerRecord.NO_TIMESTAMP);
        assertThat(parser.parse(old).event().timestampMillis()).isEqualTo(253402300799000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [1]                                 | Record must be a JSON object.
                    "text"                              | Record must be a JSON object.
                    {"text": "x"} {}                    | Record must end after its JSON object.
                    {"label": "x"}                      | Field text (missing) must be there.
                    {"text": null}                      | Field text (missing) must be there.
                    {"text": 7}                         | Field text (7) must be text.
                    {"text": ["x"]}                     | Field text ([) must be text.
                    {"text": "x", "label": 1.5}         | Field label (1.5) must be text, a whole number, true, false, or a list of such for words.
                    {"text": "x", "label": ""}          | Field label () must not be empty.
                    {"text": "x", "label": "0123456789"}| Field label (0123456789) must have words of at most 9 characters.
                    {"text": "x", "adapter": 42}        | Field adapter (42) must be text.
                    {"text": "x", "adapter": "a\\u001fb"} | Adapter id (a\u001fb) must not hold control characters.
                    {"text": "x", "adapter": ""}        | Adapter id () must not be empty.
                    {"text": "x", "id": ""}             | Field id () must not be empty.
                    {"text": "x", "id": 7}              | Field id (7) must be text.
                    {"text": "x", "id": "i", "retracted": true} | Record must have a field text or a field retracted, has both.
                    {"label": "x", "id": "i", "retracted": true} | Record must have a field label or a field retracted, has both.
                    {"id": "i", "retracted": "yes"}     | Field retracted (yes) must be true or false.
                    {"id": "i", "retracted": false}     | Field text (missing) must be there.
                    {"id": "i"}                         | Field text (missing) must be there.
                    {"text": "x", "heartbeat": 1}       | Field heartbeat (1) must be true or false.
                    {"text": "\\ud800"}                 | Field text (\uD800) must be valid Unicode.
                    {"control": "stop"}                 | Field control (stop) must be one of pause, resume, reset, expire, drop, set.
                    {"control": "PAUSE"}                | Field control (PAUSE) must be one of pause, resume, reset, expire, drop, set.
                    {"control": 7}                      | Field control (7) must be text.
                    {"control": "pause", "text": ""}    | Record must have a field text or a field control, has both.
                    {"control": "set", "learning_rate": 1, "head_learing_rate": 5} | Field head_learing_rate must not be in control set, which may have adapter, control, learning_rate, head_learning_rate, method, id, heartbeat, timestamp.
                    {"control": "drop", "version": 3}   | Field version must not be in control drop, which may have adapter, control, id, heartbeat, timestamp.
                    {"control": "pause", "learning_rate": 1} | Field learning_rate must not be in control pause, which may have adapter, control, id, heartbeat, timestamp.
                    {"control": "reset", "label": "a"}  | Field label must not be in control reset, which may have adapter, control, id, heartbeat, timestamp.
                    {"control": "expire", "x": null}    | Field x must not be in control expire, which may have adapter, control, id, heartbeat, timestamp.
                    {"control": "resume", "answer_start": "x"} | Field answer_start must not be in control resume, which may have adapter, control, id, heartbeat, timestamp.
                    {"control": "set", "learning_rate": "1"} | Field learning_rate (1) must be a number.
                    {"control": "set", "method": "LORA"} | Field method (LORA) must be a JSON object.
                    {"text": "x", "timestamp": 1.5}     | Field timestamp (1.5) must be milliseconds since the epoch or ISO-8601 text.
                    {"text": "x", "timestamp": "today"} | Field timestamp (today) must be ISO-8601 with an offset, such as 2026-11-21T10:15:30Z.
                    {"text": "x", "timestamp": "+10000-01-01T00:00:00Z"} | Field timestamp (253402300800000) must lie in the years 1 to 9999.
                    {"text": "x", "timestamp": 99999999999999999999} | Field timestamp (99999999999999999999) must lie in the years 1 to 9999.
                    """)
    void whatBreaksARuleIsRejectedWithItsReason(String json, String reason) {
        assertThat(parse("key", json).rejected().reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                          | must be a JSON object
                    {"text": "x"                | Unexpected end-of-input
                    {"text": "x", "text": "y"}  | Duplicate field 'text'
                    {"a": 1, "a": 2, "text":""} | Duplicate field 'a'
                    {text: "x"}                 | Unexpected character
                    {"text": NaN}               | Non-standard token 'NaN'
                    """)
    void whatIsNotJsonIsRejectedWithItsReason(String json, String reason) {
        assertThat(parse("key", json).rejected().reason())
                .startsWith("Record must be ")
                .contains(reason);
    }

    @Test
    void aRejectedRecordKeepsItsBytesAndItsPlace() {
        assertThat(parse("key", "{\"text\": 7}").rejected())
                .isEqualTo(
                        new Rejected(
                                Rejected.Cause.FIELD,
                                "Field text (7) must be text.",
                                "key",
                                "key".getBytes(UTF_8),
                                "in",
                                3,
                                17,
                                TIME,
                                "{\"text\": 7}".getBytes(UTF_8)));
        assertThat(parse("key", "{}").rejected().adapterId()).isEqualTo("key");
    }

    @Test
    void aRecordWithoutAValueIsRejected() {
        var rejected = parser.parse(record("key", null)).rejected();
        assertThat(rejected.reason()).isEqualTo("Record (null) must have a value.");
        assertThat(rejected.payload()).isEmpty();
    }

    @Test
    void sizesHaveLimits() {
        assertThat(parser.parse(record("key", new byte[401])).rejected().reason())
                .isEqualTo("Record (401 bytes) must have at most 400.");
        assertThat(parse("key", "{\"text\": \"" + "x".repeat(51) + "\"}").rejected().reason())
                .isEqualTo("Field text (51 characters) must have at most 50.");
        assertThat(parse("key", "{\"text\": \"" + "x".repeat(50) + "\"}").rejected()).isNull();
    }

    @Test
    void deepNestingIsRejected() {
        var deep = new ExampleParser("a", ExampleLimits.DEFAULT, ahead);
        String json = "{\"o\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThat(deep.parse(record("key", json.getBytes(UTF_8))).rejected().reason())
                .contains("nesting depth");
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() {
        byte[] json = "{\"text\": \"x\"}".getBytes(UTF_8);
        json[10] = (byte) 0xFF;
        assertThat(parser.parse(record("key", json)).rejected().reason()).contains("Invalid UTF-8");
    }

    @Test
    void whateverComesItNeverThrows() {
        changed("{\"adapter\":\"a\",\"text\":\"x\\u00fc\",\"label\":\"l\",\"timestamp\":1}");
        changed("{\"adapter\":\"a\",\"control\":\"set\",\"method\":{\"r\":1},\"learning_rate\":1}");
        changed("{\"adapter\":\"a\",\"id\":\"i\",\"label\":\"l\",\"timestamp\":1}");
    }

    private void changed(String json) {
        byte[] good = json.getBytes(UTF_8);
        var random = new Random(5);
        int examples = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var parsed = parser.parse(record("key", bytes));
            assertThat(parsed.event() == null).isNotEqualTo(parsed.rejected() == null);
            examples += parsed.event() == null ? 0 : 1;
        }
        assertThat(examples).isBetween(10, 19_990);
    }

    private ParsedRecord parse(String key, String json) {
        return withoutRecord(parser.parse(record(key, json.getBytes(UTF_8))));
    }

    private static ParsedRecord withoutRecord(ParsedRecord parsed) {
        TrainingEvent event = parsed.event();
        return event instanceof Example example
                ? ParsedRecord.of(example.with(null))
                : event instanceof Control control
                        ? ParsedRecord.of(control.with(null))
                        : event instanceof Feedback feedback
                                ? ParsedRecord.of(feedback.with(null))
                                : parsed;
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, byte[] value) {
        return record(key, value, TIME);
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, byte[] value, long time) {
        return record(key == null ? null : key.getBytes(UTF_8), value, time);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, long time) {
        return new ConsumerRecord<>(
                "in",
                3,
                17,
                time,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(longs = {1795255200L, 99_999_999_999L, 0, -1, -62_135_596_800_000L})
    void numbersThatMayBeSecondsAreRejected(long time) {
        var rejected = parse("key", "{\"text\": \"x\", \"timestamp\": " + time + "}").rejected();
        assertThat(rejected.cause()).isEqualTo(Rejected.Cause.TIME);
        assertThat(rejected.reason())
                .isEqualTo(
                        "Field timestamp ("
                                + time
                                + ") must be milliseconds since the epoch, at least"
                                + " examples.min-timestamp (100000000000). Maybe it is in seconds.");
    }

    @ParameterizedTest
    @ValueSource(longs = {1795255200L, 0, -86_400_000L})
    void oldTimesComeWhereTheyAreAllowed(long time) {
        var old = new ExampleParser("a", ExampleLimits.DEFAULT.withMinTimestamp(time), ahead);
        String json = "{\"text\": \"x\", \"timestamp\": " + time + "}";
        assertThat(old.parse(record("key", json.getBytes(UTF_8))).event().timestampMillis())
                .isEqualTo(time);
    }

    @Test
    void theTimeOfARecordMayBeSmall() {
        var parsed = parser.parse(record("key", "{\"text\": \"x\"}".getBytes(UTF_8), 5));
        assertThat(parsed.event().timestampMillis()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e9", "636166e9", "ff", "c3", "eda080", "c0af", "808182838485"})
    void aKeyThatIsNotUtf8NamesNobody(String hex) {
        byte[] key = HexFormat.of().parseHex(hex);
        for (String json :
                List.of(
                        "{\"text\": \"x\"}",
                        "{\"control\": \"drop\"}",
                        "{\"id\": \"i\", \"label\": \"x\"}")) {
            var rejected = parser.parse(record(key, json.getBytes(UTF_8), TIME)).rejected();
            assertThat(rejected.cause()).isEqualTo(Rejected.Cause.ADAPTER);
            assertThat(rejected.reason())
                    .isEqualTo(
                            "Record key (0x"
                                    + hex
                                    + ") must be UTF-8, since it names the adapter. Maybe name it"
                                    + " in a field adapter.");
            assertThat(rejected.key()).isEqualTo(key);
            assertThat(rejected.adapterId()).isNull();
        }
    }

    @Test
    void aKeyThatIsNotUtf8MayStandBesideAName() {
        byte[] json = "{\"adapter\": \"a\", \"text\": \"x\"}".getBytes(UTF_8);
        var parsed = parser.parse(record(new byte[] {-1}, json, TIME));
        assertThat(parsed.event().adapterId()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1                  | 1
                    -7                 | -7
                    true               | true
                    false              | false
                    "1"                | 1
                    ["A", "B-x"]       | A B-x
                    [0, 3, true]       | 0 3 true
                    """)
    void labelsMayBeNumbersBooleansAndLists(String value, String label) {
        var parsed = parse("key", "{\"text\": \"x\", \"label\": " + value + "}");
        assertThat(((Example) parsed.event()).label()).isEqualTo(label);
        var feedback = parse("key", "{\"id\": \"i\", \"label\": " + value + "}");
        assertThat(((Feedback) feedback.event()).label()).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "label": 1.0            | Field label (1.0) must be text, a whole
                    "label": {"x": 1}       | Field label ({) must be text, a whole
                    "label": ["a b"]        | Field label (a b) must be text, a whole
                    "label": ["a", null]    | Field label (null) must be text, a whole
                    "label": [["a"]]        | Field label ([) must be text, a whole
                    "label": []             | Field label () must not be empty.
                    "answer_start": "7"     | Field answer_start (7) must be a whole number.
                    "label": "\\ud800"     | Field label (\uD800) must be valid Unicode.
                    "label": "a", "label": 1 | Record must be JSON: Duplicate field 'label'
                    """)
    void otherLabelsAreRejected(String field, String reason) {
        assertThat(parse("key", "{\"text\": \"x\", " + field + "}").rejected().reason())
                .startsWith(reason);
    }

    @Test
    void manyLabelsOfWordsAreLongerThanOne() {
        var limits = new ExampleParser("a", ExampleLimits.DEFAULT, ahead);
        String labels = "B-LOC ".repeat(2_000).strip();
        String json = "{\"text\": \"x\", \"label\": \"" + labels + "\"}";
        assertThat(limits.parse(record("key", json.getBytes(UTF_8))).event()).isNotNull();
        String one = json.replace("B-LOC ", "B-LOC_");
        assertThat(limits.parse(record("key", one.getBytes(UTF_8))).rejected().reason())
                .endsWith("must have words of at most 1000 characters.");
    }

    @Test
    void wordsMayStandApart() {
        String json =
                "{\"tokens\": [\"New\", \"York\"], \"label\": [\"B\", \"I\"], \"answer_start\": 3}";
        assertThat(parse("key", json).event())
                .isEqualTo(Example.labelled("key", "New York", "B I").at(TIME, "in", 3, 17));
        String both = "{\"tokens\": [\"New\"], \"text\": \"x\", \"answer_start\": 3}";
        assertThat(parse("key", both).event())
                .isEqualTo(Example.labelled("key", "x", "3").at(TIME, "in", 3, 17));
        assertThat(parse("key", "{\"tokens\": 7}").rejected().reason())
                .isEqualTo("Field tokens (7) must be a list of words without white space.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"7", "[{\"text\": \"x\", \"start\": 0}]", "[[1], [2]]", "{}", "[\"a b\"]"})
    void whatStandsInForAnotherFieldMayBeAnythingBesideIt(String value) {
        String others = ", \"label\": \"l\", \"answer_start\": \"?\", \"adapter\": \"a\"}";
        assertThat(parse("key", "{\"text\": \"x\", \"tokens\": " + value + others).event())
                .isEqualTo(Example.labelled("a", "x", "l").at(TIME, "in", 3, 17));
    }

    @Test
    void aByteOrderMarkMayStandBeforeTheObject() {
        String json = "\uFEFF{\"control\": \"set\", \"method\": {\"r\": 2}}";
        assertThat(((Control) parse("key", json).event()).method()).isEqualTo("{\"r\": 2}");
        assertThat(parse("key", "\uFEFF\uFEFF{\"text\": \"x\"}").rejected()).isNotNull();
    }

    @Test
    void whiteSpaceAtTheEndsOfATextStays() {
        var parsed =
                parse("key", "{\"text\": \" x\\n\", \"text_pair\": \"\\t\", \"label\": \" \"}");
        assertThat(parsed.event())
                .isEqualTo(new Example("key", " x\n", "\t", " ", null, TIME, "in", 3, 17));
    }

    @Test
    void anEventKeepsItsRecord() {
        byte[] json = "{\"text\": \"x\", \"more\": 1}".getBytes(UTF_8);
        assertThat(parser.parse(record("key", json)).event().raw())
                .isEqualTo(new RawRecord("key".getBytes(UTF_8), json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            textBlock =
                    """
                    no JSON                         | key  | JSON
                    [1]                             | key  | JSON
                    {"text": 7, "adapter": "other"} | other | FIELD
                    {"label": 1.5, "text": "x"}     | key  | FIELD
                    {"id": "", "text": "x"}         | key  | FIELD
                    {"adapter": "other", "text": "x | other | JSON
                    {"heartbeat": true, "timestamp": 1} | null | TIME
                    """)
    void aDeadLetterNamesTheAdapterAsFarAsItIsKnown(String json, String adapter, String cause) {
        var rejected = parse("key", json).rejected();
        assertThat(rejected.adapterId()).isEqualTo(adapter);
        assertThat(rejected.cause()).hasToString(cause);
        assertThat(rejected.key()).isEqualTo("key".getBytes(UTF_8));
    }
}
