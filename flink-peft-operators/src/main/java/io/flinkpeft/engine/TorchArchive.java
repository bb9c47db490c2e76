package io.flinkpeft.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Turns program text into the archive that libtorch loads: a stored zip of the code and of a
 * pickled module that has no parameters. libtorch compiles the text when it loads it, with types
 * checked.
 */
final class TorchArchive {

    /** What {@code self} is in a program's methods. */
    static final String SELF_TYPE = "__torch__.Program";

    // version 10 selects the operators' present schemas; a lower one selects historic schemas
    private static final String FILE_FORMAT_VERSION = "10\n";

    private static final String MODULE_HEAD =
            """
            class Program(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;

    private TorchArchive() {}

    /** The archive of a program: named tuples first, then the module with its methods. */
    static byte[] of(String types, String methods) {
        String typed = methods.replace("(self,", "(self: " + SELF_TYPE + ",");
        String code = types + MODULE_HEAD + typed.indent(2);
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "program/data.pkl", pickledModule());
            put(zip, "program/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            put(zip, "program/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            put(zip, "program/version", FILE_FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Pickle protocol 2 of {@code Program(training=True)}; written, never read, by us. */
    private static byte[] pickledModule() {
        String head = "\u0080\u0002c__torch__\nProgram\n)\u0081}(X";
        String name = "training";
        String tail = "\u0088ub.";
        String pickle = head + (char) name.length() + "\0\0\0" + name + tail;
        return pickle.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
