package io.flinkpeft.method.adalora;

import java.io.Serializable;

/**
 * How AdaLoRA's budget, the number of triplets that it keeps, falls with the steps.
 *
 * <pre>{@code
 * step t, from 0                     budget                                       prunes
 * t <= warmup                        first                                        no
 * warmup < t < steps - settled       last + (first - last) (1 - (t - warmup)      every interval
 *                                        / (steps - settled - warmup))^3          steps
 * t >= steps - settled               last                                         as found first
 * }</pre>
 *
 * <p>A stream has no last step. After {@code steps} the budget stays where it is; with {@code
 * reopen} all triplets may come back every {@code reopen} steps, and the budget falls again: then
 * what a drift needs can win over what was important before it.
 *
 * @param steps after how many steps the budget is at its end, at least 1; {@code total_step}
 * @param warmup how many steps begin without pruning; {@code tinit}, default 0
 * @param settled for how many steps before the end the triplets stay as they are; {@code tfinal},
 *     default 0
 * @param interval steps from one pruning to the next, at least 1; {@code deltaT}, default 1
 * @param reopen after how many steps the schedule begins again, at least {@code steps}; 0, the
 *     default: never. No file holds it
 * @see <a href="https://arxiv.org/abs/2303.10512">Zhang et al., AdaLoRA, 2023, section 3.3</a>
 */
public record BudgetSchedule(int steps, int warmup, int settled, int interval, int reopen)
        implements Serializable {

    public BudgetSchedule {
        atLeast("total_step", steps, 1);
        atLeast("tinit", warmup, 0);
        atLeast("tfinal", settled, 0);
        atLeast("deltaT", interval, 1);
        if (warmup >= (long) steps - settled) {
            throw new IllegalArgumentException(
                    "tinit ("
                            + warmup
                            + ") must be less than total_step - tfinal ("
                            + ((long) steps - settled)
                            + ").");
        }
        if (reopen != 0 && reopen < steps) {
            throw new IllegalArgumentException(
                    "peft.adalora.reopen ("
                            + reopen
                            + ") must be 0, or at least total_step ("
                            + steps
                            + ").");
        }
    }

    /** Without warm-up and settled steps, pruning in every step, never open again. */
    public BudgetSchedule(int steps) {
        this(steps, 0, 0, 1, 0);
    }

    private static void atLeast(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    what + " (" + value + ") must be at least " + least + ".");
        }
    }

    /**
     * The budget after a step, to the integer that PEFT has.
     *
     * @param step from 0
     * @param first the budget at the start
     * @param last the budget at the end
     */
    public int budget(long step, int first, int last) {
        long t = inCycle(step);
        if (t <= warmup) {
            return first;
        }
        if (t > end()) {
            return last;
        }
        // the authors' code; the paper counts the final steps from the step as well
        double left = 1 - (double) (t - warmup) / (end() - warmup);
        return (int) ((first - last) * StrictMath.pow(left, 3) + last);
    }

    /** Whether a step prunes; the last ones prune what was found then. */
    public boolean prunes(long step) {
        long t = inCycle(step);
        return t > warmup && (t >= end() || t % interval == 0);
    }

    /** Whether the importances learn from a step. */
    boolean learns(long step) {
        return inCycle(step) < end();
    }

    /** Whether a step keeps the triplets that were found before it. */
    boolean keeps(long step) {
        return inCycle(step) > end();
    }

    /** Whether all triplets may come back in a step. */
    boolean opens(long step) {
        return inCycle(step) == 0;
    }

    private long end() {
        return (long) steps - settled;
    }

    private long inCycle(long step) {
        return reopen == 0 ? step : step % reopen;
    }
}
