package io.flinkpeft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job is built of its arguments, or refuses them and names the option. */
class FuzzedArgumentsTest {

    private static final Duration LIMIT = Duration.ofMinutes(20); // only a hang is longer

    @Test
    void twoThousandListsOfArgumentsDoNoHarm() {
        assertThat(faults(0, 2_000, PlantedFault.NONE)).isEmpty();
    }

    @Tag("nightly")
    @Test
    void aHundredThousandListsOfArgumentsDoNoHarm() {
        assertThat(faults(2_000, 102_000, PlantedFault.NONE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPTION_CRASHES", "OPTION_TAKEN", "REFUSAL_NAMELESS"})
    void aPlantedFaultIsFound(PlantedFault fault) {
        assertThat(faults(0, 200, fault)).isNotEmpty();
    }

    private static List<String> faults(int from, int to, PlantedFault planted) {
        var faults = new ArrayList<String>();
        assertTimeoutPreemptively(
                LIMIT,
                () -> {
                    for (int seed = from; seed < to; seed++) {
                        var arguments = OddArguments.of(seed);
                        int number = seed;
                        FuzzedArguments.fault(arguments, planted)
                                .ifPresent(f -> faults.add(number + " " + arguments + ": " + f));
                    }
                });
        return faults;
    }
}
