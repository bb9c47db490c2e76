package io.flinkpeft.method.adalora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetScheduleTest {

    /** 6 layers of rank 4, to be 2: measured with PEFT 0.21.0. */
    private static final BudgetSchedule SCHEDULE = new BudgetSchedule(100, 20, 30, 10, 0);

    @ParameterizedTest
    @CsvSource({
        "0,24,false", "1,24,false", "19,24,false", "20,24,false", "21,23,false", "25,20,false",
        "30,18,true", "31,17,false", "40,14,true", "45,13,false", "50,12,true", "55,12,false",
        "60,12,true", "65,12,false", "69,12,false", "71,12,true", "80,12,true", "99,12,true",
        "100,12,true", "1000,12,true"
    })
    void theIntegersArePefts(long step, int budget, boolean prunes) {
        assertThat(SCHEDULE.budget(step, 24, 12)).isEqualTo(budget);
        assertThat(SCHEDULE.prunes(step)).isEqualTo(prunes);
    }

    @Test
    void theFirstSettledStepPrunesEvenBetweenTwoIntervals() {
        var odd = new BudgetSchedule(100, 20, 33, 10, 0);
        assertThat(odd.prunes(66)).isFalse();
        assertThat(odd.prunes(67)).isTrue();
        assertThat(odd.keeps(67)).isFalse();
        assertThat(odd.learns(66)).isTrue();
        assertThat(odd.learns(67)).isFalse();
        assertThat(odd.keeps(68)).isTrue();
    }

    @Test
    void aStreamThatIsOpenedAgainBeginsAgain() {
        var again = new BudgetSchedule(100, 20, 30, 10, 250);
        assertThat(again.budget(249, 24, 12)).isEqualTo(12);
        assertThat(again.opens(250)).isTrue();
        assertThat(again.prunes(250)).isFalse();
        assertThat(again.budget(250, 24, 12)).isEqualTo(24);
        assertThat(again.budget(280, 24, 12)).isEqualTo(18);
        assertThat(again.prunes(280)).isTrue();
        assertThat(SCHEDULE.opens(250)).isFalse();
    }

    @Test
    void aScheduleWithoutRoomToFallIsRefused() {
        assertThatThrownBy(() -> new BudgetSchedule(10, 5, 5, 1, 0))
                .hasMessage("tinit (5) must be less than total_step - tfinal (5).");
        assertThatThrownBy(() -> new BudgetSchedule(0))
                .hasMessage("total_step (0) must be at least 1.");
        assertThatThrownBy(() -> new BudgetSchedule(10, 0, 0, 1, 9))
                .hasMessage("peft.adalora.reopen (9) must be 0, or at least total_step (10).");
    }
}
