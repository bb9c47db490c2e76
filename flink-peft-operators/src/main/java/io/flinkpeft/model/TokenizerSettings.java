package io.flinkpeft.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A tokenizer as it is used.
 *
 * @param json for the native library
 * @param side where a text that is too long is cut
 * @param segments whether the model is told which text of a pair a token is of
 * @param maxTokens the longest text it was made for; the largest number if nothing says
 */
record TokenizerSettings(ObjectNode json, Truncation.Side side, boolean segments, int maxTokens) {

    /**
     * Reads a {@code tokenizer.json} and what stands beside it.
     *
     * @throws IllegalArgumentException if it says something that is not understood
     */
    static TokenizerSettings read(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        ObjectNode json = TokenizerFiles.object(file);
        try {
            TokenizerFiles files = TokenizerFiles.read(json, directory);
            return new TokenizerSettings(
                    TokenizerClass.build(files), files.side(), files.segments(), files.maxTokens());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Tokenizer (" + directory + "): " + e.getMessage(), e);
        }
    }
}
