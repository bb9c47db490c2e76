package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final List<Schedule> MANY =
            LongStream.range(0, 300).mapToObj(Schedule::of).toList();

    @Test
    void aSeedAlwaysGivesTheSameSchedule() {
        assertThat(Schedule.of(7)).isEqualTo(Schedule.of(7)).isNotEqualTo(Schedule.of(8));
    }

    @Test
    void everyMomentEveryProcessAndEveryParallelismHasItsTurn() {
        var faults = MANY.stream().flatMap(schedule -> schedule.faults().stream()).toList();

        assertThat(faults).extracting(Fault::moment).contains(Moment.values());
        assertThat(faults).flatExtracting(Fault::others).contains(Victim.values());
        assertThat(MANY).extracting(Schedule::parallelism).contains(1, 2, 3, 4);
    }

    @Test
    void someDieOfSigsegvMostOfSigkill() {
        assertThat(MANY)
                .flatExtracting(Schedule::faults)
                .extracting(Fault::signal)
                .areAtLeast(100, new Condition<>(Signal.SEGV::equals, "SIGSEGV"))
                .areAtLeast(300, new Condition<>(Signal.KILL::equals, "SIGKILL"));
    }

    @Test
    void aRecoveryIsHitTwiceInSomeOfThem() {
        assertThat(MANY).anyMatch(s -> s.faults().stream().filter(Fault::again).count() >= 2);
    }

    @Test
    void theFirstFaultHitsAJobThatRuns() {
        assertThat(MANY)
                .allSatisfy(
                        schedule -> {
                            assertThat(schedule.faults()).isNotEmpty();
                            assertThat(schedule.faults().get(0).again()).isFalse();
                        });
    }

    @Test
    void everyFaultKillsSomething() {
        assertThat(MANY)
                .flatExtracting(Schedule::faults)
                .allMatch(fault -> fault.holder() || !fault.others().isEmpty());
    }
}
