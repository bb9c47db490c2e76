package io.flinkpeft.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files with random damage give tensors or a {@link SafetensorsException}, nothing else. */
class MutatedFilesTest {

    private static final int FILES = 10_000;
    private static final String ALPHABET = "{}[]\",:0123456789-.eEnul\\u \t\0abFUI_";

    @Test
    void damageIsNoticedOrHarmless() {
        byte[] sound =
                SafetensorsWriter.toBytes(
                        List.of(
                                TensorView.of("first", new float[6], 2, 3),
                                TensorView.of("second", new float[0], 0),
                                TensorView.of("größe", new float[1])),
                        Map.of("format", "pt", "note", "a \"quoted\" text\n"));
        var random = new Random(20_261_122);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] damaged = damage(sound, random);
            try {
                var file = SafetensorsFile.of(damaged);
                for (TensorView tensor : file.tensors().values()) {
                    if (tensor.data().remaining() > damaged.length) {
                        throw new AssertionError(tensor + " is longer than its file");
                    }
                }
                read++;
            } catch (SafetensorsException e) {
                refused++;
            }
        }
        assertThat(read).as("files read").isGreaterThan(FILES / 100);
        assertThat(refused).as("files refused").isGreaterThan(FILES / 2);
    }

    private static byte[] damage(byte[] sound, Random random) {
        byte[] bytes = sound.clone();
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = 8 + random.nextInt(header);
            switch (random.nextInt(8)) {
                case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                case 1 -> bytes[random.nextInt(8)] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
                case 4 -> bytes = moved(bytes, at, 8 + random.nextInt(header), random);
                default -> {
                    if (at < bytes.length) {
                        bytes[at] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                    }
                }
            }
            if (bytes.length < 9) {
                break;
            }
        }
        return bytes;
    }

    /** A piece of the header copied over another. */
    private static byte[] moved(byte[] bytes, int from, int to, Random random) {
        int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, to));
        if (length > 0) {
            System.arraycopy(bytes, from, bytes, to, length);
        }
        return bytes;
    }
}
