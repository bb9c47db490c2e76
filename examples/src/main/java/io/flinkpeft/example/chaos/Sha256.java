package io.flinkpeft.example.chaos;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of lists of byte arrays. */
final class Sha256 {

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** One array more, with its length, so that no two lists look alike. */
    Sha256 add(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
        return this;
    }

    /** As lower-case hex. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of one array alone. */
    static String of(byte[] bytes) {
        var sha256 = new Sha256();
        sha256.digest.update(bytes);
        return sha256.hex();
    }
}
