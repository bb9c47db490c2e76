package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.serve.StoredVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriterClaimTest {

    private final TransactionalIds ids = new TransactionalIds("a prefix-w1", 2);
    private final WriterClaim claim =
            new WriterClaim("w1", "a job", ids, new TransactionalIds("p-w0", 1));

    @Test
    void aClaimComesBack() throws Exception {
        assertThat(read(claim.record())).isEqualTo(claim);
        var first = new WriterClaim("w1", "a job", ids, TransactionalIds.NONE);
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

    private static WriterClaim read(TopicRecord record) throws InvalidRecordException {
        var consumed = Records.read(record, 0);
        var entry = TopicEntry.read(TopicKey.parse(consumed.key()), consumed);
        return ((TopicEntry.Claim) entry).claim();
    }
}
