package io.flinkpeft.model;

import io.flinkpeft.adapter.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a directory says beside its tensors: SHA-256 over names and contents of its settings and its
 * tokenizer. Models of equal tensors are run differently if their settings differ.
 */
final class SettingsHash {

    private static final List<String> FILES =
            List.of(
                    "config.json",
                    "generation_config.json",
                    "sentence_bert_config.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "modules.json",
                    "config_sentence_transformers.json",
                    TextTokenizer.FILE);

    /** In the folder of a module of sentence-transformers. */
    private static final List<String> MODULE = List.of("config.json", "model.safetensors");

    private SettingsHash() {}

    static String of(Path directory) throws IOException {
        List<Path> files =
                Stream.concat(
                                FILES.stream(),
                                SentenceTransformerFiles.folders(directory).stream()
                                        .flatMap(f -> MODULE.stream().map(m -> f + "/" + m)))
                        .map(directory::resolve)
                        .filter(Files::isRegularFile)
                        .toList();
        return FileHashes.of("settings", files, () -> of(files));
    }

    private static String of(List<Path> files) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(4).putInt(content.length).flip());
            digest.update(content);
        }
        return Sha256.hex(digest);
    }
}
