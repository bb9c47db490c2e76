package io.flinkpeft.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Generated texts against the texts that were wanted: ROUGE-L, their mean, and BLEU of all. */
public final class TextEvaluation implements Evaluation {

    /** See {@link RougeL}. */
    public static final String ROUGE_L = "rouge-l";

    /** See {@link Bleu}. */
    public static final String BLEU = "bleu";

    private final Bleu bleu = new Bleu();
    private double rouge;
    private long texts;

    @Override
    public void add(String predicted, String expected) {
        String text = predicted == null ? "" : predicted;
        texts++;
        rouge += RougeL.of(text, expected);
        bleu.add(Bleu.tokens(text), List.of(Bleu.tokens(expected)));
    }

    @Override
    public Map<String, Double> values() {
        if (texts == 0) {
            return Map.of();
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(ROUGE_L, rouge / texts);
        values.put(BLEU, bleu.value());
        return values;
    }
}
