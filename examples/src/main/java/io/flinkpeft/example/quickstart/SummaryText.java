package io.flinkpeft.example.quickstart;

import java.util.Locale;

/** The summary as a table for a console. */
record SummaryText(Summary summary) {

    @Override
    public String toString() {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%nPercent right in the first %d glosses of a phase / in all of it%n%n%-20s",
                        summary.after(),
                        ""));
        for (Learner learner : Learner.values()) {
            text.append(String.format("%26s", learner.title()));
        }
        for (Summary.OfPhase phase : summary.phases()) {
            text.append(String.format("%n%-20s", phase.title()));
            for (Summary.Row row : phase.rows()) {
                text.append(String.format("%26s", row));
            }
        }
        return text.append(String.format("%n%n%s", summary.verdict())).toString();
    }
}
