package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.testing.RandomVersions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Whatever comes from a topic, a reader goes on, and tells only what was published. */
class DamagedRecordsTest {

    private static final int ROUNDS = 1_000;
    private static final String[] EVIL = {
        "",
        " ",
        "-1",
        "0",
        "1",
        "2147483647",
        "2147483648",
        "9223372036854775808",
        "NaN",
        "\0",
        "chunk",
        "version",
        "pointer",
        "claim",
        "a@1",
        "1 2 3",
        "1 2 3 4 t",
        "x y",
        "\uD800",
        "é"
    };

    private final Random random = new Random(7);
    private final ToldVersions told = new ToldVersions();
    private final VersionLimits limits = new VersionLimits(500, 600);
    private final StoredVersions store = new StoredVersions();
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final Map<String, byte[]> published = new HashMap<>();

    @Test
    void onlyPublishedBytesAreToldUnderPublishedNames() {
        var view =
                new TopicView(
                        told,
                        limits,
                        store,
                        (span, wanted) -> {
                            var search = new VersionSearch(wanted, limits, store);
                            log.forEach(search::accept);
                            return search.result();
                        });
        view.caughtUp();
        int whole = 0;
        for (int i = 0; i < ROUNDS; i++) {
            var version = RandomVersions.version("a" + random.nextInt(3), i, random.nextInt(400));
            published.put(version.name(), version.payload());
            boolean damage = random.nextInt(4) > 0;
            log.clear();
            for (var record : Records.published(version, 90)) {
                boolean hit = damage && random.nextInt(3) == 0;
                log.add(Records.read(hit ? damaged(record) : record, i));
            }
            if (damage && random.nextInt(3) == 0) {
                rearrange();
            }
            log.forEach(view::accept);
            if (!damage) {
                assertThat(told.current(version.adapterId())).isEqualTo(version);
                whole++;
            }
            told.current().values().forEach(this::checkPublished);
        }
        assertThat(whole).isGreaterThan(ROUNDS / 8);
        assertThat(told.log()).anyMatch(line -> line.startsWith("refused"));
        assertThat(told.log()).noneMatch(line -> line.startsWith("failed"));
    }

    /** Records of the version in another order, twice, or not at all. */
    private void rearrange() {
        switch (random.nextInt(3)) {
            case 0 -> Collections.shuffle(log, random);
            case 1 -> log.add(random.nextInt(log.size()), log.get(random.nextInt(log.size())));
            case 2 -> log.remove(random.nextInt(log.size()));
            default -> throw new AssertionError();
        }
    }

    private void checkPublished(AdapterVersion version) {
        assertThat(Arrays.equals(published.get(version.name()), version.payload()))
                .as(version.name())
                .isTrue();
    }

    private TopicRecord damaged(TopicRecord record) {
        var headers = new ArrayList<>(record.headers());
        int at = random.nextInt(headers.size());
        byte[] value = record.value().clone();
        switch (random.nextInt(7)) {
            case 0 -> headers.remove(at);
            case 1 -> headers.add(headers.get(at));
            case 2 -> headers.set(at, new TopicRecord.Header(headers.get(at).name(), evil()));
            case 3 -> {
                if (value.length > 0) {
                    value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 4 -> value = new byte[random.nextInt(700)];
            case 5 -> {
                return new TopicRecord(record.adapterId(), record.key(), headers, null);
            }
            case 6 -> {
                var key = new StringBuilder(record.key());
                key.setCharAt(random.nextInt(key.length()), "@#0a9".charAt(random.nextInt(5)));
                return new TopicRecord(record.adapterId(), key.toString(), headers, value);
            }
            default -> throw new AssertionError();
        }
        return new TopicRecord(record.adapterId(), record.key(), headers, value);
    }

    private String evil() {
        String text = EVIL[random.nextInt(EVIL.length)];
        return random.nextInt(50) == 0
                ? new String(new byte[200_000], StandardCharsets.UTF_8)
                : text;
    }
}
