package io.flinkpeft.kafka.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicKeyTest {

    /** Ids that look like keys, or like escaped ids, among others. */
    static Stream<String> ids() {
        return Stream.of(
                "a",
                "user-42",
                "a b",
                "a@b.com",
                "a@5",
                "a#1",
                "a@1#2",
                "@",
                "#",
                "@@",
                "@writer",
                "@:",
                "@:a",
                ":a",
                "%",
                "%40",
                "%2540",
                "%25",
                "a%40b",
                "a%b@c",
                "%@%",
                "@:a%40b",
                "a@b@5",
                "a@-1",
                "a#",
                "#1",
                "a/b",
                "ü@ö.de",
                "東京@例.jp",
                "😀#😀",
                " @ ",
                "a@b#",
                "x".repeat(199) + "@",
                "@".repeat(200));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void aKeyComesBack(String id) throws Exception {
        for (TopicKey key : keys(id)) {
            TopicKey read = TopicKey.parse(key.text().getBytes(UTF_8));
            assertThat(read).isEqualTo(key);
            assertThat(read.kind()).isEqualTo(key.kind()).isNotEqualTo(RecordKind.CLAIM);
        }
    }

    @Test
    void noTwoKeysHaveOneSpelling() {
        var keys = new HashMap<String, TopicKey>();
        ids().flatMap(id -> keys(id).stream())
                .forEach(key -> assertThat(keys.put(key.text(), key)).isNull());
        assertThat(keys).doesNotContainKey(TopicKey.CLAIM.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "%40", "%2540", "a%", ":a", "ü", "a b/c"})
    void idsOfTheFirstReleaseAreWrittenAsTheyWere(String id) {
        assertThat(keys(id)).extracting(TopicKey::text).contains(id, id + "@7", id + "@7#0");
    }

    @Test
    void peopleReadTheIdAsItIs() {
        assertThat(TopicKey.version("a@b.com", 5)).hasToString("a@b.com@5");
        assertThat(TopicKey.version("a@b.com", 5).text()).isEqualTo("@:a%40b.com@5");
        assertThat(TopicKey.chunk("a#1", 5, 2).text()).isEqualTo("@:a%231@5#2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "@5",
                "@:",
                "@:a",
                "@:a@5",
                "@:a%25@5",
                "@:a%4@5",
                "@:a%40b%@5",
                "@:a%2Ab@5",
                "@writer@1",
                "@writers",
                "a#1",
                "a@1#",
                "a@1@2",
                "a@x",
                "a@01",
                "a@+1",
                "a@-1",
                "a@",
                "a@1#-1",
                "a@1#2147483648",
                "a@1000000000001",
                "a@9223372036854775807",
                "a@9223372036854775808",
                "a\n",
                "%40\0"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> TopicKey.parse(text.getBytes(UTF_8)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("Record key (" + text + ") must be id, id@step or id@step#i.");
    }

    @Test
    void bytesThatAreNotUtf8AreNoKey() {
        assertThatThrownBy(() -> TopicKey.parse(new byte[] {'a', (byte) 0xff}))
                .hasMessageStartingWith("Record key (a");
        assertThatThrownBy(() -> TopicKey.parse(null)).hasMessageStartingWith("Record key (null)");
    }

    private static List<TopicKey> keys(String id) {
        return List.of(
                TopicKey.pointer(id),
                TopicKey.version(id, 0),
                TopicKey.version(id, 7),
                TopicKey.version(id, TopicKey.MAX_STEP),
                TopicKey.chunk(id, 7, 0),
                TopicKey.chunk(id, 7, Integer.MAX_VALUE));
    }
}
