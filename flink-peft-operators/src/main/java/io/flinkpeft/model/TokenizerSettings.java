package io.flinkpeft.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A tokenizer as it is used.
 *
 * @param json for the native library
 * @param texts the same for texts, whose special tokens may be split
 * @param side where a text that is too long is cut
 * @param segments whether the model is told which text of a pair a token is of
 * @param maxTokens the longest text it was made for; the largest number if nothing says
 * @param cleansUp whether a decoded text loses the spaces before punctuation
 */
record TokenizerSettings(
        ObjectNode json,
        ObjectNode texts,
        Truncation.Side side,
        boolean segments,
        int maxTokens,
        boolean cleansUp) {

    /**
     * Reads a {@code tokenizer.json} and what stands beside it.
     *
     * @throws IllegalArgumentException if it says something that is not understood
     */
    static TokenizerSettings read(Path file) throws IOException {
        return read(file, file.toAbsolutePath().getParent());
    }

    /** The same for an adapter's file, whose base may have to say of which family it is. */
    static TokenizerSettings read(Path file, Path base) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        ObjectNode json = TokenizerFiles.object(file);
        try {
            TokenizerFiles files = TokenizerFiles.read(json, directory, base);
            ObjectNode built = TokenizerClass.build(files);
            boolean split = files.flag("split_special_tokens", false);
            return new TokenizerSettings(
                    built,
                    split ? HiddenTokens.inTexts(built).json() : built,
                    files.side(),
                    files.segments(),
                    files.maxTokens(),
                    files.cleansUp());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Tokenizer (" + directory + "): " + e.getMessage(), e);
        }
    }
}
