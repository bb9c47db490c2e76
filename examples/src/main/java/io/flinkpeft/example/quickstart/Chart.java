package io.flinkpeft.example.quickstart;

import java.util.List;
import java.util.Locale;

/**
 * A chart as inline SVG. Colours are those of the page: a line of class {@code lora} looks as the
 * style sheet says.
 */
final class Chart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 320;
    private static final int LEFT = 62;
    private static final int RIGHT = 30;
    private static final int TOP = 30;
    private static final int BOTTOM = 52;

    private final String title;
    private final Axis x;
    private final Axis y;
    private final StringBuilder body = new StringBuilder();

    /**
     * A point of a line.
     *
     * @param x its place on the axis of x
     * @param y its place on the axis of y; NaN parts the line
     */
    record Point(double x, double y) {}

    Chart(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
        grid();
    }

    private void grid() {
        for (double tick : y.ticks()) {
            double at = y(tick);
            add("<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEFT, right(), at, at);
            text("tick end", LEFT - 8, at + 4, Axis.text(tick));
        }
        for (double tick : x.ticks()) {
            add(
                    "<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>",
                    x(tick), x(tick), bottom(), bottom() + 5);
            text("tick middle", x(tick), bottom() + 20, Axis.text(tick));
        }
        text("title middle", (LEFT + right()) / 2.0, HEIGHT - 10, x.title());
        add(
                "<text class='title middle' transform='translate(15 %d) rotate(-90)'>%s</text>",
                (TOP + bottom()) / 2, Html.escaped(y.title()));
        add(
                "<line class='axis' x1='%d' x2='%d' y1='%d' y2='%d'/>",
                LEFT, right(), bottom(), bottom());
    }

    /** Adds a line through points. */
    Chart line(String style, List<Point> points) {
        var path = new StringBuilder();
        boolean pen = false;
        for (Point point : points) {
            if (Double.isNaN(point.y)) {
                pen = false;
                continue;
            }
            path.append(pen ? 'L' : 'M').append(number(x(point.x))).append(' ');
            path.append(number(y(point.y)));
            pen = true;
        }
        add("<path class='line %s' d='%s'/>", style, path);
        return this;
    }

    /** Adds a bar from one place of x to another. */
    Chart bar(String style, double from, double to, double height) {
        add(
                "<rect class='bar %s' x='%.1f' y='%.1f' width='%.1f' height='%.1f'/>",
                style,
                x(from) + 1,
                y(height),
                Math.max(1, x(to) - x(from) - 2),
                bottom() - y(height));
        return this;
    }

    /** Adds an upright line with a text at its top. */
    Chart mark(double at, String text) {
        add(
                "<line class='mark' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>",
                x(at), x(at), TOP - 18, bottom());
        text("marktext", x(at) + 5, TOP - 9, text);
        return this;
    }

    /** Adds a small mark at the foot. */
    Chart notch(double at) {
        add(
                "<line class='notch' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>",
                x(at), x(at), bottom() - 7, bottom());
        return this;
    }

    /** The chart as an element of HTML. */
    String svg() {
        return String.format(
                "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>%n%s</svg>",
                WIDTH, HEIGHT, Html.escaped(title), body);
    }

    private void text(String style, double atX, double atY, String text) {
        add("<text class='%s' x='%.1f' y='%.1f'>%s</text>", style, atX, atY, Html.escaped(text));
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private double x(double value) {
        return LEFT + x.share(value) * (right() - LEFT);
    }

    private double y(double value) {
        return bottom() - y.share(Math.max(y.min(), Math.min(y.max(), value))) * (bottom() - TOP);
    }

    private static int right() {
        return WIDTH - RIGHT;
    }

    private static int bottom() {
        return HEIGHT - BOTTOM;
    }
}
