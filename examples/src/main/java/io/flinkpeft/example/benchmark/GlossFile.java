package io.flinkpeft.example.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.dictionary.Dictionary;

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
    public static void main(String[] args) throws IOException, JWNLException {
        List<String> glosses = new ArrayList<>();
        Iterator<Synset> nouns =
                Dictionary.getDefaultResourceInstance().getSynsetIterator(POS.NOUN);
        while (nouns.hasNext()) {
            // examples of use follow the definition in quotes
            glosses.add(nouns.next().getGloss().split("; \"")[0].replace('\n', ' '));
        }
        Collections.shuffle(glosses, new Random(SEED));
        Files.write(Path.of(args[0]), glosses.subList(0, TEXTS));
    }
}
