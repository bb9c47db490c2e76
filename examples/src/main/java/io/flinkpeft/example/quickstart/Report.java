package io.flinkpeft.example.quickstart;

import io.flinkpeft.example.quickstart.Chart.Point;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The run as one page of HTML that needs nothing beside it. */
final class Report {

    private static final int POINTS = 200;
    private static final int FRESHNESS_POINTS = 60;
    private static final int HISTOGRAM_BARS = 30;
    private static final double MILLIS = 1000;

    private final Observations seen;
    private final Summary summary;
    private final Freshness freshness;
    private final Map<String, String> settings;
    private final int size;
    private final int window;

    /**
     * A report.
     *
     * @param seen what was seen
     * @param settings what to say of settings and machine, in order
     */
    Report(Observations seen, Map<String, String> settings) {
        this.seen = seen;
        this.summary = Summary.of(seen);
        this.freshness = Freshness.of(seen);
        this.settings = settings;
        this.size = seen.stream().size();
        this.window = Math.max(1, Math.min(500, size / 20));
    }

    /** Writes it to a file. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, html());
    }

    String html() throws IOException {
        var parts = new LinkedHashMap<String, String>();
        parts.put("subtitle", subtitle());
        parts.put("verdict", Html.escaped(summary.verdict()));
        parts.put("tiles", tiles());
        parts.put("window", Integer.toString(window));
        parts.put("title-lora", Learner.LORA.title());
        parts.put("title-sql", Learner.SQL.title());
        parts.put("title-head", Learner.HEAD_ONLY.title());
        parts.put("title-majority", Learner.MAJORITY.title());
        parts.put("accuracy", accuracy());
        parts.put("after", Integer.toString(summary.after()));
        parts.put("phases", Html.table(summary.table()));
        parts.put("unknown", unknown());
        parts.put("freshness", freshnessOverStream());
        parts.put("histogram", freshnessHistogram());
        parts.put("speed", speed());
        parts.put("settings", settings());
        String html = template();
        for (var part : parts.entrySet()) {
            html = html.replace("${" + part.getKey() + "}", part.getValue());
        }
        return html;
    }

    private static String template() throws IOException {
        try (InputStream stream = Report.class.getResourceAsStream("report.html")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String subtitle() {
        return Html.escaped(
                String.format(
                        Locale.ROOT,
                        "%,d WordNet glosses in %d phases, 45 classes; trained online, published,"
                                + " and predicted in SQL at the same time.",
                        size,
                        summary.phases().size()));
    }

    private String tiles() {
        var tiles = new StringBuilder();
        tile(tiles, percent(Learner.LORA), "right: " + Learner.LORA.title());
        tile(tiles, percent(Learner.HEAD_ONLY), "right: " + Learner.HEAD_ONLY.title());
        tile(tiles, percent(Learner.SQL), "right: " + Learner.SQL.title());
        tile(tiles, seconds(freshness.quantile(0.5, 0, size)), "median freshness");
        tile(tiles, Integer.toString(seen.versions().size()), "versions published");
        tile(tiles, Axis.text(Math.rint(size / duration())), "examples a second");
        return tiles.toString();
    }

    private String percent(Learner learner) {
        return Summary.percent(seen.accuracy(learner, 0, size)) + " %";
    }

    private static String seconds(double millis) {
        return Double.isNaN(millis)
                ? "unknown"
                : String.format(Locale.ROOT, "%.1f s", millis / MILLIS);
    }

    private static void tile(StringBuilder tiles, String value, String what) {
        tiles.append("<div class='tile'><b>")
                .append(Html.escaped(value))
                .append("</b><span>")
                .append(Html.escaped(what))
                .append("</span></div>\n");
    }

    private Axis positions() {
        return new Axis("glosses", 0, size);
    }

    private String accuracy() {
        var chart =
                new Chart(
                        "Accuracy over the stream",
                        positions(),
                        new Axis("accuracy, percent", 0, 100));
        drifts(chart);
        for (var version : seen.versions()) {
            chart.notch(version.lastPosition() + 1);
        }
        return chart.line("majority", windowed(Learner.MAJORITY))
                .line("head", windowed(Learner.HEAD_ONLY))
                .line("sql", windowed(Learner.SQL))
                .line("lora", windowed(Learner.LORA))
                .svg();
    }

    private void drifts(Chart chart) {
        for (int i = 0; i < summary.phases().size(); i++) {
            chart.mark(seen.stream().starts().get(i), summary.phases().get(i).title());
        }
    }

    private List<Point> windowed(Learner learner) {
        var points = new ArrayList<Point>();
        for (int i = 1; i <= POINTS; i++) {
            int to = (int) ((long) size * i / POINTS);
            if (to > 0) {
                int from = Math.max(0, to - window);
                points.add(new Point(to, 100 * seen.accuracy(learner, from, to)));
            }
        }
        return points;
    }

    private String unknown() {
        int without = size - freshness.known();
        return without == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "No prediction followed for the last %,d glosses: the stream ended.",
                        without);
    }

    private String freshnessOverStream() {
        var median = new ArrayList<Point>();
        var high = new ArrayList<Point>();
        for (int i = 0; i < FRESHNESS_POINTS; i++) {
            int from = (int) ((long) size * i / FRESHNESS_POINTS);
            int to = (int) ((long) size * (i + 1) / FRESHNESS_POINTS);
            double middle = (from + to) / 2.0;
            median.add(new Point(middle, freshness.quantile(0.5, from, to) / MILLIS));
            high.add(new Point(middle, freshness.quantile(0.95, from, to) / MILLIS));
        }
        double largest = high.stream().mapToDouble(Point::y).filter(v -> v > 0).max().orElse(1);
        var chart =
                new Chart(
                        "Freshness over the stream",
                        positions(),
                        Axis.fromZero("freshness, seconds", largest));
        drifts(chart);
        return chart.line("second", high).line("lora", median).svg();
    }

    private String freshnessHistogram() {
        double[] known =
                Arrays.stream(freshness.millis())
                        .filter(m -> m >= 0)
                        .asDoubleStream()
                        .map(m -> m / MILLIS)
                        .sorted()
                        .toArray();
        double largest = known.length == 0 ? 1 : known[(int) (0.995 * (known.length - 1))];
        Axis x = Axis.fromZero("freshness, seconds", largest);
        double width = x.max() / HISTOGRAM_BARS;
        double[] shares = new double[HISTOGRAM_BARS];
        for (double value : known) {
            // the few that are off the chart count in its last bar
            int bar = (int) Math.min(HISTOGRAM_BARS - 1, value / width);
            shares[bar] += 100.0 / known.length;
        }
        double most = Arrays.stream(shares).max().orElse(1);
        var chart = new Chart("Freshness", x, Axis.fromZero("glosses, percent", most));
        for (int i = 0; i < HISTOGRAM_BARS; i++) {
            if (shares[i] > 0) {
                chart.bar("lora", i * width, (i + 1) * width, shares[i]);
            }
        }
        return chart.svg();
    }

    private long startMillis() {
        return seen.producedMillis()[0];
    }

    private double duration() {
        long end = Arrays.stream(seen.trainedMillis()).max().orElse(0);
        return Math.max(1, end - startMillis()) / MILLIS;
    }

    private String speed() {
        double duration = duration();
        double width = Math.max(1, Math.ceil(duration / 60));
        int[] counts = new int[(int) Math.ceil(duration / width) + 1];
        for (long millis : seen.trainedMillis()) {
            counts[(int) Math.max(0, (millis - startMillis()) / MILLIS / width)]++;
        }
        var points = new ArrayList<Point>();
        for (int i = 0; i + 1 < counts.length; i++) {
            points.add(new Point((i + 0.5) * width, counts[i] / width));
        }
        double most = points.stream().mapToDouble(Point::y).max().orElse(1);
        var chart =
                new Chart(
                        "Examples a second",
                        new Axis("time since the first gloss, seconds", 0, duration),
                        Axis.fromZero("examples a second", most));
        return chart.line("lora", points).svg();
    }

    private String settings() {
        return Html.table(
                settings.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
    }

    Summary summary() {
        return summary;
    }
}
