package io.flinkpeft.kafka;

import static io.flinkpeft.json.UnusableRecordException.shown;

import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.json.UnusableRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A record's key as the id of an adapter. */
final class RecordKey {

    private RecordKey() {}

    /**
     * The key as text. Replacing what is no character would make one adapter of two.
     *
     * @throws UnusableRecordException if it is not UTF-8
     */
    static String text(byte[] key) throws UnusableRecordException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            throw new UnusableRecordException(
                    Cause.ADAPTER,
                    "Record key ("
                            + shown("0x" + HexFormat.of().formatHex(key))
                            + ") must be UTF-8, since it names the adapter. Maybe name it in a"
                            + " field adapter.");
        }
    }
}
