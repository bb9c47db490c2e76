package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.testing.RandomVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicViewTest {

    private static final int CHUNK = 100;

    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final ToldVersions told = new ToldVersions();
    private final VersionLimits limits = new VersionLimits(1000, 1000);
    private final StoredVersions store = new StoredVersions();
    private final TopicView view = new TopicView(told, limits, store, this::find);
    private int rescans;

    private final AdapterVersion first = RandomVersions.version("a", 1, 250);
    private final AdapterVersion second = RandomVersions.version("a", 2, 250);

    @Test
    void tellsOnlyTheLastVersionWhenItCatchesUp() {
        publish(first);
        publish(second);
        assertThat(told.log()).isEmpty();
        view.caughtUp();
        assertThat(told.log()).containsExactly("current a@2");
        assertThat(told.current("a")).isEqualTo(second);
        assertThat(rescans).isZero();
    }

    @Test
    void tellsEveryVersionWhenItFollows() {
        view.caughtUp();
        publish(first);
        publish(second);
        assertThat(told.log()).containsExactly("current a@1", "current a@2");
    }

    @Test
    void aVersionIsToldOnceEvenIfItIsPublishedAgain() {
        publish(first);
        view.caughtUp();
        publish(first);
        assertThat(told.log()).containsExactly("current a@1");
    }

    @Test
    void nothingIsToldBeforeThePointer() {
        view.caughtUp();
        new VersionRecords(CHUNK).version(first).forEach(this::append);
        assertThat(told.log()).isEmpty();
    }

    @Test
    void rollsBackToAVersionThatItHasDropped() {
        publish(first);
        publish(second);
        view.caughtUp();
        append(Records.pointer(first));
        assertThat(told.log()).containsExactly("current a@2", "current a@1");
        assertThat(told.current("a")).isEqualTo(first);
        assertThat(rescans).isOne();
    }

    @Test
    void catchesUpWithATopicThatWasRolledBack() {
        publish(first);
        publish(second);
        append(Records.pointer(first));
        view.caughtUp();
        assertThat(told.log()).containsExactly("current a@1");
    }

    @Test
    void refusesARollBackToAVersionThatWasTakenAway() {
        publish(first);
        publish(second);
        VersionRecords.removal("a", 1, 3).forEach(this::append);
        view.caughtUp();
        append(Records.pointer(first));
        assertThat(told.log())
                .containsExactly(
                        "current a@2",
                        "refused a: Version a@1 must be in the topic.",
                        "removed a"); // nothing newer than the pointer serves
        assertThat(rescans).isZero();
    }

    @Test
    void aRollBackToNothingTellsWhatIsBefore() {
        for (int step = 1; step <= 5; step++) {
            publish(RandomVersions.version("a", step, 100));
        }
        VersionRecords.removal("a", 3, 0).forEach(this::append);
        view.caughtUp();
        append(VersionRecords.pointer("a", 3, first.sha256()));
        assertThat(told.log())
                .containsExactly(
                        "current a@5",
                        "refused a: Version a@3 must be in the topic.",
                        "current a@2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void aFreshReaderTellsTheNewestWholeOneThatIsNoNewerThanThePointer(int pointer) {
        for (int step = 0; step <= 6; step += 2) {
            publish(RandomVersions.version("a", step, 100));
        }
        append(VersionRecords.pointer("a", pointer, first.sha256()));
        view.caughtUp();
        assertThat(told.log())
                .containsExactly(
                        "refused a: Version a@" + pointer + " must be in the topic.",
                        "current a@" + (pointer - 1));
    }

    @Test
    void versionsBeforeARefusedOneAreToldOneByOne() {
        for (int step = 1; step <= 4; step++) {
            publish(RandomVersions.version("a", step, 100));
        }
        publish(RandomVersions.version("b", 4, 100));
        VersionRecords.removal("a", 3, 0).forEach(this::append);
        view.caughtUp();
        view.earlier("a", 4);
        view.answer();
        view.earlier("a", 2);
        view.answer();
        view.earlier("a", 1);
        view.answer();
        view.earlier("b", 4);
        view.answer();
        assertThat(told.log())
                .containsExactly(
                        "current a@4",
                        "current b@4",
                        "current a@2",
                        "current a@1",
                        "none of a before 1",
                        "none of b before 4");
    }

    @Test
    void aNewVersionMakesTheQuestionForAnEarlierOneVoid() {
        publish(first);
        publish(second);
        view.caughtUp();
        view.earlier("a", 2);
        publish(RandomVersions.version("a", 3, 100));
        view.answer();
        assertThat(told.log()).containsExactly("current a@2", "current a@3");
    }

    @Test
    void aRefusalWhileItCatchesUpIsAnsweredBeforeItIsCaughtUp() {
        told.refuse(version -> version.step() > 1);
        publish(first);
        publish(second);
        told.asks(view::earlier);
        view.caughtUp();
        assertThat(told.log()).containsExactly("current a@2", "current a@1");
    }

    @Test
    void aPointerToAVersionThatIsNotThereIsLookedForOnceOnly() {
        publish(first);
        view.caughtUp();
        for (int i = 0; i < 100; i++) {
            append(VersionRecords.pointer("a", 5 + i % 2, first.sha256()));
        }
        assertThat(rescans).isZero();
        assertThat(told.current("a")).isEqualTo(first);
    }

    @Test
    void aPointerBeforeItsVersionIsObeyedWhenItComesAgain() {
        publish(first);
        view.caughtUp();
        append(Records.pointer(second));
        new VersionRecords(1000).version(second).forEach(this::append);
        append(Records.pointer(second));
        append(Records.pointer(second));
        assertThat(told.log())
                .containsExactly(
                        "current a@1",
                        "refused a: Version a@2 must be in the topic.",
                        "current a@2");
    }

    @Test
    void emptyChunksAndBrokenVersionsAreBounded() {
        var many = new VersionLimits(1000, 1000);
        var pending = new PendingVersions(many, store);
        for (int i = 0; i < 250_000; i++) {
            var key = TopicKey.chunk("a", i / 100_000, i % 100_000);
            var chunk = new TopicEntry.Chunk(key, first.sha256(), 10, 100_000, new byte[0]);
            pending.add(chunk);
        }
        assertThat(pending.parts()).isLessThanOrEqualTo(200_000);
    }

    @Test
    void nothingStaysOnDiskThatWasTold() {
        for (int step = 1; step <= 50; step++) {
            publish(RandomVersions.version("a", step, 400));
        }
        view.caughtUp();
        for (int step = 51; step <= 100; step++) {
            publish(RandomVersions.version("a", step, 400));
        }
        view.startOver();
        assertThat(store.file().size()).isZero();
    }

    @Test
    void refusesAVersionWithoutAllOfItsChunks() {
        publish(first);
        view.caughtUp();
        var records = Records.published(second, CHUNK);
        records.remove(1);
        records.forEach(this::append);
        assertThat(told.log())
                .containsExactly(
                        "current a@1",
                        "refused a: Version a@2: Chunks (2 with 150 bytes of SHA-256 "
                                + second.sha256()
                                + ") must be 3 with 250 bytes of SHA-256 "
                                + second.sha256()
                                + ".");
    }

    @Test
    void neverMixesChunksOfTwoPayloads() {
        view.caughtUp();
        var other = RandomVersions.version("b", 2, 250);
        var impostor = sameName(other, second);
        append(Records.published(impostor, CHUNK).get(0));
        publish(second);
        assertThat(told.current("a")).isEqualTo(second);
    }

    @Test
    void refusesBytesThatAreNotTheHashes() {
        publish(first);
        view.caughtUp();
        var broken = second.payload().clone();
        broken[7] ^= 1;
        var record = new VersionRecords(1000).version(second).get(0);
        append(new TopicRecord("a", record.key(), record.headers(), broken));
        append(Records.pointer(second));
        assertThat(told.current("a")).isEqualTo(first);
        assertThat(told.log().get(1))
                .startsWith("refused a: Version a@2: Payload with SHA-256 (")
                .endsWith("must have " + second.sha256() + ".");
    }

    @Test
    void refusesAVersionOtherThanTheOneThatThePointerNames() {
        view.caughtUp();
        new VersionRecords(1000).version(second).forEach(this::append);
        append(VersionRecords.pointer("a", 2, first.sha256()));
        assertThat(told.log())
                .containsExactly(
                        "refused a: Version a@2 with SHA-256 ("
                                + second.sha256()
                                + ") must have the one its pointer names, "
                                + first.sha256()
                                + ".");
    }

    @Test
    void aBrokenVersionAtTheStartLeavesTheOneBeforeIt() {
        publish(first);
        append(Records.pointer(second));
        view.caughtUp();
        assertThat(told.log())
                .containsExactly("refused a: Version a@2 must be in the topic.", "current a@1");
    }

    @Test
    void refusesWhatIsLargerThanTheLimit() {
        view.caughtUp();
        var large = RandomVersions.version("a", 3, 1001);
        publish(large);
        Records.published(RandomVersions.version("a", 4, 1001), 5000).forEach(this::append);
        assertThat(told.log())
                .containsExactly(
                        "refused a: Version a@3: Payload (1001 bytes) must have at most 1000.",
                        "refused a: Version a@4: Payload (1001 bytes) must have at most 1000.");
    }

    @Test
    void findsAVersionAgainThatWasDroppedForWantOfSpace() {
        view.caughtUp();
        new VersionRecords(1000).version(first).forEach(this::append);
        for (int i = 0; i < 10; i++) {
            new VersionRecords(1000)
                    .version(RandomVersions.version("z" + i, 1, 500))
                    .forEach(this::append);
        }
        append(Records.pointer(first));
        assertThat(told.current("a")).isEqualTo(first);
        assertThat(rescans).isOne();
    }

    @Test
    void anAdapterWhosePointerIsTakenAwayIsRemovedOnce() {
        publish(first);
        view.caughtUp();
        append(VersionRecords.pointerRemoval("a"));
        append(VersionRecords.pointerRemoval("a"));
        assertThat(told.log()).containsExactly("current a@1", "removed a");
    }

    @Test
    void startingOverTellsOnlyWhatIsDifferent() {
        publish(first);
        publish(RandomVersions.version("b", 1, 10));
        publish(RandomVersions.version("c", 1, 10));
        view.caughtUp();
        log.clear();
        view.startOver();
        publish(second);
        publish(RandomVersions.version("c", 1, 10));
        view.caughtUp();
        assertThat(told.log())
                .containsExactly(
                        "current a@1", "current b@1", "current c@1", "current a@2", "removed b");
    }

    @Test
    void passesOverRecordsOfOtherPeople() {
        view.caughtUp();
        view.accept(new ConsumerRecord<>("adapters", 0, 0, null, new byte[3]));
        view.accept(new ConsumerRecord<>("adapters", 0, 1, "a@x".getBytes(), new byte[3]));
        view.accept(new ConsumerRecord<>("adapters", 0, 2, "a@01".getBytes(), new byte[3]));
        view.accept(new ConsumerRecord<>("adapters", 0, 3, "a@1#99999999999".getBytes(), null));
        assertThat(told.log()).isEmpty();
        publish(first);
        assertThat(told.log()).containsExactly("current a@1");
    }

    @Test
    void refusesAFormatOfTheFuture() {
        view.caughtUp();
        var headers = new ArrayList<>(Records.pointer(first).headers());
        headers.set(0, new TopicRecord.Header(AdapterTopicFormat.FORMAT, "2"));
        append(new TopicRecord("a", "a", headers, new byte[] {'1'}));
        assertThat(told.log())
                .containsExactly("refused a: Pointer of a: Header peft.format (2) must be 1.");
    }

    private void publish(AdapterVersion version) {
        Records.published(version, CHUNK).forEach(this::append);
    }

    private void append(TopicRecord record) {
        log.add(Records.read(record, log.size()));
        view.accept(log.get(log.size() - 1));
    }

    private Map<TopicKey, Lookup> find(VersionIndex.Span span, Set<TopicKey> wanted) {
        rescans++;
        var search = new VersionSearch(wanted, limits, store);
        log.stream()
                .filter(record -> record.offset() >= span.first() && record.offset() <= span.last())
                .forEach(search::accept);
        return search.result();
    }

    private static AdapterVersion sameName(AdapterVersion payload, AdapterVersion name) {
        return new AdapterVersion(
                name.adapterId(),
                name.step(),
                name.parentStep(),
                name.baseHash(),
                name.method(),
                name.numerics(),
                name.lineage(),
                name.metrics(),
                payload.payload(),
                payload.sha256());
    }
}
