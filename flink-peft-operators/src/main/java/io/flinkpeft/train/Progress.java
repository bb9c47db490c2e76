package io.flinkpeft.train;

import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.PrequentialStatistics;
import java.util.List;

/** What an adapter knows besides its tensors; the components are those of AdapterState. */
record Progress(
        String adapterId,
        long step,
        long publishedStep,
        List<String> labels,
        Lineage lineage,
        PrequentialStatistics statistics,
        PrequentialStatistics publishedStatistics) {

    Progress {
        labels = List.copyOf(labels);
    }

    static Progress fresh(String adapterId, long step, List<String> labels) {
        var none = PrequentialStatistics.NONE;
        return new Progress(adapterId, step, -1, labels, Lineage.NONE, none, none);
    }

    Progress withLabels(List<String> labels) {
        return new Progress(
                adapterId, step, publishedStep, labels, lineage, statistics, publishedStatistics);
    }

    /** After a version was cut. */
    Progress published() {
        return new Progress(adapterId, step, step, labels, lineage, statistics, statistics);
    }

    Progress afterStep(Lineage lineage, PrequentialStatistics statistics) {
        return new Progress(
                adapterId,
                step + 1,
                publishedStep,
                labels,
                lineage,
                statistics,
                publishedStatistics);
    }
}
