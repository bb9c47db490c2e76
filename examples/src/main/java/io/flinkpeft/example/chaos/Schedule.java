package io.flinkpeft.example.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens to one run: its parallelism and its faults. A seed always gives the same one.
 *
 * @param seed which one it is
 * @param parallelism of the job, 1 to 4
 * @param faults in their order
 */
record Schedule(long seed, int parallelism, List<Fault> faults) {

    private static final int MOST_FAULTS = 4;
    private static final List<Integer> PARALLELISMS = List.of(1, 2, 2, 3, 4);

    Schedule {
        faults = List.copyOf(faults);
    }

    /** The schedule without faults. */
    static Schedule clean(int parallelism) {
        return new Schedule(-1, parallelism, List.of());
    }

    /** The schedule of a seed. */
    static Schedule of(long seed) {
        var random = new SplittableRandom(seed);
        int parallelism = PARALLELISMS.get(random.nextInt(PARALLELISMS.size()));
        var faults = new ArrayList<Fault>();
        int chains = 1 + random.nextInt(2);
        for (int i = 0; i < chains; i++) {
            faults.add(first(random));
            while (faults.size() < MOST_FAULTS && random.nextInt(5) < 2) {
                faults.add(again(faults.get(faults.size() - 1), random));
            }
        }
        if (parallelism == 1) {
            faults.replaceAll(Schedule::ofBothTaskManagers);
        }
        // drawn last, so that a seed gives the faults that it gave when all were by SIGKILL
        faults.replaceAll(fault -> fault.by(random.nextInt(4) == 0 ? Signal.SEGV : Signal.KILL));
        return new Schedule(seed, parallelism, faults);
    }

    /** One of them has nothing to do. */
    private static Fault ofBothTaskManagers(Fault fault) {
        return fault.others().stream().anyMatch(Victim::isTaskManager)
                ? fault.with(List.of(Victim.TASK_MANAGER_0, Victim.TASK_MANAGER_1))
                : fault;
    }

    private static Fault first(SplittableRandom random) {
        Moment moment =
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> Moment.ANY_TIME;
                    case 3 -> Moment.TRIGGER;
                    case 4 -> Moment.STORED;
                    default -> Moment.OF_TASKS.get(random.nextInt(Moment.OF_TASKS.size()));
                };
        return fault(false, moment, random);
    }

    private static Fault again(Fault before, SplittableRandom random) {
        boolean restores = before.holder() || !before.others().equals(List.of(Victim.BROKER));
        Moment moment =
                switch (restores ? random.nextInt(4) : 0) {
                    case 0 -> Moment.ANY_TIME;
                    case 1 -> Moment.RECOVER;
                    default -> Moment.RESTORE;
                };
        return fault(true, moment, random);
    }

    private static Fault fault(boolean again, Moment moment, SplittableRandom random) {
        var others = new ArrayList<Victim>();
        boolean holder = moment != Moment.ANY_TIME && random.nextInt(6) > 0;
        if (!holder || random.nextInt(4) == 0) {
            others.add(any(random));
        }
        if (random.nextInt(6) == 0) {
            others.add(any(random));
        }
        if (random.nextInt(20) == 0) {
            others.addAll(List.of(Victim.values()));
        }
        return new Fault(
                again,
                again ? 0 : random.nextInt(3),
                random.nextInt(again ? 4000 : 1000),
                moment,
                again ? 0 : random.nextInt(moment.isOfTransactions() ? 2 : 4),
                holder,
                others,
                random.nextInt(3) == 0 ? random.nextInt(3000) : 0,
                Signal.KILL);
    }

    /** TaskManagers twice as often as the others. */
    private static Victim any(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> Victim.JOB_MANAGER;
            case 1 -> Victim.BROKER;
            default -> Victim.taskManager(random.nextInt(2));
        };
    }
}
