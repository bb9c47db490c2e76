package io.flinkpeft.example.chaos;

import io.flinkpeft.adapter.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** SHA-256 of a list of byte arrays. */
final class ListHash {

    private final MessageDigest digest = Sha256.digest();

    /** One array more, with its length, so that no two lists look alike. */
    ListHash add(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
        return this;
    }

    /** As lower-case hex. */
    String hex() {
        return Sha256.hex(digest);
    }
}
