package io.flinkpeft.example.benchmark;

import io.flinkpeft.example.wordnet.Gloss;
import io.flinkpeft.example.wordnet.WordNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Writes real texts for the benchmark: the definitions of nouns in WordNet, a line each. */
public final class GlossFile {

    private static final int TEXTS = 4000;
    private static final long SEED = 7;

    private GlossFile() {}

    /**
     * Writes the file.
     *
     * @param args where to
     */
    public static void main(String[] args) throws IOException {
        List<String> nouns = new ArrayList<>();
        for (Gloss gloss : WordNet.glosses()) {
            if (gloss.label().startsWith("noun.")) {
                nouns.add(gloss.text());
            }
        }
        Collections.shuffle(nouns, new Random(SEED));
        Files.write(Path.of(args[0]), nouns.subList(0, TEXTS));
    }
}
