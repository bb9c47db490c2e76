package io.flinkpeft.fuzz;

import io.flinkpeft.job.ContinualFineTuneJob;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Arguments of a job that is built, or refuses them and says which. */
final class FuzzedArguments {

    private static final int LONGEST = 2_000; // characters of a refusal, less the values in it

    private FuzzedArguments() {}

    /** What is wrong with what becomes of arguments; empty if nothing is. */
    static Optional<String> fault(OddArguments.Arguments arguments, PlantedFault fault) {
        try {
            build(arguments, fault);
            return arguments.wrong() ? Optional.of("They are taken.") : Optional.empty();
        } catch (IllegalArgumentException e) {
            return names(arguments, e.getMessage())
                    ? Optional.empty()
                    : Optional.of("The refusal names no option: " + e);
        } catch (Exception | LinkageError | StackOverflowError e) {
            return Optional.of("They are not refused, but " + e);
        }
    }

    private static void build(OddArguments.Arguments arguments, PlantedFault fault)
            throws IOException {
        String[] all = arguments.all().toArray(String[]::new);
        if (fault == PlantedFault.OPTION_CRASHES && arguments.all().contains("NaN")) {
            throw new NullPointerException("planted");
        }
        try {
            var job = ContinualFineTuneJob.of(all);
            var env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
            job.addTo(env);
            env.getStreamGraph(false).getJobGraph();
        } catch (IllegalArgumentException e) {
            if (fault == PlantedFault.REFUSAL_NAMELESS) {
                throw new IllegalArgumentException("It must be something else.", e);
            }
            if (fault != PlantedFault.OPTION_TAKEN) {
                throw e;
            }
        }
    }

    private static boolean names(OddArguments.Arguments arguments, String message) {
        int longest =
                LONGEST + 2 * arguments.all().stream().mapToInt(String::length).max().orElse(0);
        return message != null
                && message.length() < longest
                && arguments.changed().stream().anyMatch(message::contains);
    }
}
