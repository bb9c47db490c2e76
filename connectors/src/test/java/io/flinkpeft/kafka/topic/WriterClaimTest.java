package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.serve.StoredVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriterClaimTest {

    private final TransactionalIds ids = new TransactionalIds("a prefix-w1", 2);
    private final WriterClaim claim =
            new WriterClaim(
                    "w1", "a job", ids, new TransactionalIds("p-w0", 1), List.of("p-v", "p-w"), 3);

    @Test
    void aClaimComesBack() throws Exception {
        assertThat(read(claim.record())).isEqualTo(claim);
        var first = new WriterClaim("w1", "a job", ids, TransactionalIds.NONE, List.of(), 1);
        assertThat(read(first.record())).isEqualTo(first);
    }

    @Test
    void everySubtaskHasAnIdAndAnotherParallelismOthers() {
        assertThat(ids.all()).containsExactly("a prefix-w1-0-of-2", "a prefix-w1-1-of-2");
        assertThat(claim.before()).containsExactly("p-w0-0-of-1");
        assertThat(TransactionalIds.NONE.all()).isEmpty();
    }

    @Test
    void claimsLieInPartitionZero() {
        assertThat(claim.record().toKafka("t", 7).partition()).isZero();
    }

    @Test
    void idsThatAreNoneAreRefused() {
        for (String text : List.of("", "3", "x p", "0 p", "40000 p")) {
            assertThatThrownBy(() -> TransactionalIds.parse(text))
                    .hasMessageStartingWith("Header peft.transactional-ids (");
        }
    }

    @Test
    void readersOfVersionsPassOverClaims() {
        var told = new ToldVersions();
        var view =
                new TopicView(
                        told,
                        VersionLimits.DEFAULT,
                        new StoredVersions(),
                        (span, wanted) -> Map.of());
        view.accept(Records.read(claim.record(), 0));
        view.caughtUp();
        view.accept(Records.read(claim.record(), 1));
        assertThat(told.log()).isEmpty();
    }

    @Test
    void aClaimWithoutIdsIsNone() {
        var record = claim.record();
        var headers = new ArrayList<>(record.headers());
        headers.removeIf(header -> header.name().equals(AdapterTopicFormat.TRANSACTIONAL_IDS));
        var broken = new TopicRecord(record.adapterId(), record.key(), headers, record.value());
        assertThatThrownBy(() -> read(broken))
                .hasMessage("Header peft.transactional-ids (0 times) must be there once.");
    }

    @Test
    void aClaimOfTheFirstReleaseIsUnderstood() throws Exception {
        var record = claim.record();
        var headers = new ArrayList<>(record.headers());
        headers.removeIf(
                header ->
                        header.name().equals(AdapterTopicFormat.SHUT_OUT)
                                || header.name().equals(AdapterTopicFormat.PARTITIONS));
        var first = new TopicRecord(record.adapterId(), record.key(), headers, record.value());
        assertThat(read(first))
                .isEqualTo(new WriterClaim("w1", "a job", ids, claim.previous(), List.of(), 0));
        assertThat(read(first).shutOutBy(new TransactionalIds("p-w2", 1)))
                .containsExactly("p-w0", "a prefix-w1");
    }

    @Test
    void whoWasShutOutStaysSo() {
        var again = new TransactionalIds("a prefix-w1", 5);
        assertThat(claim.shutOutBy(again)).containsExactly("p-v", "p-w", "p-w0");
        var next = new TransactionalIds("p-x", 5);
        assertThat(claim.shutOutBy(next)).containsExactly("p-v", "p-w", "p-w0", "a prefix-w1");
        var back = new TransactionalIds("p-v", 5);
        assertThat(claim.shutOutBy(back)).containsExactly("p-w", "p-w0", "a prefix-w1");
        for (String base : List.of("p-v", "p-w", "p-w0")) {
            assertThat(claim.shutsOut(new TransactionalIds(base, 9))).isTrue();
        }
        assertThat(claim.shutsOut(ids)).isFalse();
    }

    @Test
    void aClaimFitsARecordHoweverManyWereShutOut() throws Exception {
        var many = IntStream.range(0, 10_000).mapToObj(i -> "trainer-" + i).toList();
        var read = read(new WriterClaim("w", "j", ids, claim.previous(), many, 1).record());
        assertThat(read.shutOut()).hasSizeGreaterThan(500);
        assertThat(read.shutOut()).isEqualTo(many.subList(10_000 - read.shutOut().size(), 10_000));
    }

    private static WriterClaim read(TopicRecord record) throws InvalidRecordException {
        var consumed = Records.read(record, 0);
        var entry = TopicEntry.read(TopicKey.parse(consumed.key()), consumed);
        return ((TopicEntry.Claim) entry).claim();
    }
}
