package io.flinkpeft.cli;

import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.Prediction;
import java.io.PrintWriter;
import java.util.List;

/**
 * Counts the lines of a file whose texts, or what follows them, are longer than the model reads.
 */
final class CutTexts {

    private final int maxTokens;
    private final int maxPositions;
    private long count;
    private long stopped;

    private CutTexts(int maxTokens, int maxPositions) {
        this.maxTokens = maxTokens;
        this.maxPositions = maxPositions;
    }

    /**
     * None yet, and nothing follows a text.
     *
     * @param maxTokens the most tokens of a text, special ones included
     */
    CutTexts(int maxTokens) {
        this(maxTokens, maxTokens);
    }

    /** None yet, of a model. */
    static CutTexts of(ModelDirectory model) {
        return new CutTexts(model.longestText(), model.config().maxPositions());
    }

    /** Counts what is predicted for one line. */
    void add(List<? extends Prediction> predictions) {
        add(predictions.get(0).truncated() ? 1 : 0);
        stopped += predictions.stream().filter(CutTexts::isStopped).count();
    }

    private static boolean isStopped(Prediction prediction) {
        return prediction instanceof GeneratedText text
                && text.finish() == GeneratedText.Finish.POSITIONS;
    }

    void add(long more) {
        count += more;
    }

    /** Says how many there were, if there were any. */
    void print(PrintWriter err) {
        if (count > 0) {
            String texts = count == 1 ? "1 text was" : count + " texts were";
            err.println(texts + " cut, as the model reads at most " + maxTokens + " tokens.");
        }
        if (stopped > 0) {
            String texts = stopped == 1 ? "1 text was" : stopped + " texts were";
            err.println(
                    texts
                            + " continued by fewer tokens than --max-new-tokens, as the model has "
                            + maxPositions
                            + " positions.");
        }
    }
}
