package io.flinkpeft.example.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.example.quickstart.Observations.Published;
import io.flinkpeft.example.quickstart.Observations.Served;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreshnessTest {

    private static final long[] PRODUCED = {100, 200, 300, 400};

    @Test
    void endsWithTheFirstPredictionOfAVersionThatLearntTheRecord() {
        var versions = List.of(new Published(5, 1, 0), new Published(10, 2, 0));
        var served =
                List.of(new Served(2, 5, 1000), new Served(3, 5, 1100), new Served(3, 10, 1300));

        assertThat(Freshness.of(PRODUCED, versions, served).millis())
                .containsExactly(900, 800, 1000, -1);
    }

    @Test
    void aVersionOfWhichNothingIsKnownCoversNothing() {
        var freshness = Freshness.of(PRODUCED, List.of(), List.of(new Served(0, 5, 1000)));

        assertThat(freshness.known()).isZero();
        assertThat(freshness.quantile(0.5, 0, 4)).isNaN();
    }

    @Test
    void quantilesAreOfTheKnownOnly() {
        var freshness = new Freshness(new long[] {30, -1, 10, 20});

        assertThat(freshness.quantile(0.5, 0, 4)).isEqualTo(20);
        assertThat(freshness.quantile(0.99, 0, 4)).isEqualTo(30);
        assertThat(freshness.quantile(0.5, 1, 2)).isNaN();
    }
}
