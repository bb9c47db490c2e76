package io.flinkpeft.example.quickstart;

import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The bar on the console: examples and their rate, recent accuracy, newest version. */
final class Progress implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 500;
    private static final int WINDOW = 500;

    private final Observations seen;
    private final ProgressBar bar;
    private long shownMillis;

    Progress(Observations seen) {
        this.seen = seen;
        this.bar =
                new ProgressBarBuilder()
                        .setTaskName("Glosses")
                        .setInitialMax(seen.stream().size())
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis((int) INTERVAL_MILLIS)
                        .setSpeedUnit(ChronoUnit.SECONDS)
                        .setMaxRenderedLength(110)
                        .showSpeed()
                        .build();
    }

    /** Shows where the run is if it is time to; says whether it did. */
    boolean show() {
        long now = System.currentTimeMillis();
        if (now - shownMillis < INTERVAL_MILLIS) {
            return false;
        }
        shownMillis = now;
        int trained = seen.trained();
        bar.stepTo(trained);
        if (trained > 0) {
            double recent = seen.accuracy(Learner.LORA, Math.max(0, trained - WINDOW), trained);
            bar.setExtraMessage(
                    String.format("%.0f %% right, version %d", 100 * recent, seen.newestVersion()));
        }
        return true;
    }

    @Override
    public void close() {
        bar.stepTo(seen.trained());
        bar.close();
    }
}
