package io.flinkpeft.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Exit code 0, or 1 and one line on the error stream that says what is wrong.
 *
 * <pre>
 * flink-peft train --model DIR --config adapter_config.json --input F.jsonl --output DIR
 * flink-peft predict --model DIR --adapter DIR --input F.jsonl --output F.jsonl
 * flink-peft merge --model DIR --adapter DIR --output DIR
 * flink-peft combine --model DIR --adapter DIR --weight W ... --type TYPE --output DIR
 * flink-peft inspect PATH
 * </pre>
 */
@Command(
        name = "flink-peft",
        description = "Trains, runs and inspects PEFT adapters, as the Flink operators do.",
        mixinStandardHelpOptions = true,
        versionProvider = FlinkPeft.Version.class,
        subcommands = {
            TrainCommand.class,
            PredictCommand.class,
            MergeCommand.class,
            CombineCommand.class,
            InspectCommand.class
        })
public final class FlinkPeft implements Runnable {

    /** A system property: which messages of libraries appear on the error stream. */
    static final String LOG_LEVEL = "flinkpeft.log.level";

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show warnings of libraries, and where an error comes from.")
    private boolean debug;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = FlinkPeft.class.getPackage().getImplementationVersion();
            return new String[] {"flink-peft " + (version == null ? "unpackaged" : version)};
        }
    }

    private FlinkPeft() {}

    /** Runs a command and ends the process. */
    public static void main(String[] args) {
        for (String arg : args) {
            if (arg.equals("--debug")) {
                // before the first class logs
                System.setProperty(LOG_LEVEL, "WARN");
            }
        }
        var out = new PrintWriter(System.out, true);
        var err = new PrintWriter(System.err, true);
        System.exit(run(out, err, args));
    }

    /** Runs a command; the exit code is 0, or 1 after one line on {@code err}. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        var command = new CommandLine(new FlinkPeft());
        command.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler((e, unused) -> unusable(err, e));
        command.setExecutionExceptionHandler((e, failed, parsed) -> fail(err, e, debug(command)));
        return command.execute(args);
    }

    private static boolean debug(CommandLine command) {
        return ((FlinkPeft) command.getCommand()).debug;
    }

    private static int unusable(PrintWriter err, CommandLine.ParameterException e) {
        String maybe =
                e instanceof CommandLine.UnmatchedArgumentException unknown
                        ? unknown.getSuggestions().stream()
                                .findFirst()
                                .map(nearest -> " Maybe use " + nearest + ".")
                                .orElse("")
                        : "";
        err.println(ErrorLine.of(e) + maybe);
        return 1;
    }

    private static int fail(PrintWriter err, Exception e, boolean trace) {
        Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
        err.println(ErrorLine.of(cause));
        if (trace) {
            e.printStackTrace(err);
        }
        return 1;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "Command must be one of "
                        + String.join(", ", spec.subcommands().keySet())
                        + ". Maybe see flink-peft --help.");
    }
}
