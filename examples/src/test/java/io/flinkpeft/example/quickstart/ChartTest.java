package io.flinkpeft.example.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.example.quickstart.Chart.Point;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ChartTest {

    @Test
    void ticksAreRoundNumbers() {
        assertThat(new Axis("percent", 0, 100).ticks())
                .containsExactly(0., 20., 40., 60., 80., 100.);
        assertThat(Axis.fromZero("seconds", 3.1).max()).isEqualTo(4);
        assertThat(Axis.fromZero("seconds", Double.NaN).max()).isEqualTo(1);
        assertThat(Axis.text(20_000)).isEqualTo("20,000");
        assertThat(Axis.text(0.5)).isEqualTo("0.5");
    }

    @Test
    void aChartIsWellFormed() throws Exception {
        String svg =
                new Chart("a < b", new Axis("x", 0, 10), new Axis("y & z", 0, 1))
                        .line("lora", List.of(new Point(0, 0.5), new Point(10, 1)))
                        .bar("lora", 1, 2, 0.5)
                        .mark(5, "<drift>")
                        .notch(3)
                        .svg();

        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(1);
        assertThat(document.getDocumentElement().getAttribute("aria-label")).isEqualTo("a < b");
    }

    @Test
    void aLineIsPartedWhereNothingIsKnown() {
        var points =
                List.of(
                        new Point(0, 1),
                        new Point(1, 1),
                        new Point(2, Double.NaN),
                        new Point(3, 1),
                        new Point(4, 1));

        assertThat(new Chart("t", new Axis("x", 0, 4), new Axis("y", 0, 1)).line("l", points).svg())
                .containsPattern("d='M[^M]*L[^M]*M[^M]*L[^M]*'");
    }
}
