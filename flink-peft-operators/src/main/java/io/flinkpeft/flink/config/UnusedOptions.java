package io.flinkpeft.flink.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TimeUtils;

/**
 * Options that are given and do nothing, since others are what they are. A user may think that they
 * do.
 *
 * <pre>{@code
 * new UnusedOptions(options)
 *         .where(
 *                 options.get(TrainingOptions.REPLAY_SIZE) == 0,
 *                 TrainingOptions.REPLAY_PER_BATCH,
 *                 TrainingOptions.REPLAY_SIZE)
 *         .lines(); // replay.per-batch (4) does nothing while replay.size is 0.
 * }</pre>
 */
public final class UnusedOptions {

    /** How many characters of a value are shown: it may be a text of its own. */
    private static final int SHOWN = 80;

    private final ReadableConfig options;
    private final Map<String, String> lines = new TreeMap<>();

    /** None of these options yet. */
    public UnusedOptions(ReadableConfig options) {
        this.options = options;
    }

    /**
     * Notes an option that does nothing, if it is given. The first reason for it stays.
     *
     * @param unused whether the others are such that it does nothing
     * @param others those which decide it, with their values of now
     */
    public UnusedOptions where(boolean unused, ConfigOption<?> option, ConfigOption<?>... others) {
        if (unused) {
            options.getOptional(option)
                    .ifPresent(
                            value -> lines.putIfAbsent(option.key(), line(option, value, others)));
        }
        return this;
    }

    /** A line for each, by key. */
    public List<String> lines() {
        return List.copyOf(lines.values());
    }

    private String line(ConfigOption<?> option, Object value, ConfigOption<?>... others) {
        return option.key()
                + " ("
                + shown(value)
                + ") does nothing while "
                + Arrays.stream(others)
                        .map(other -> other.key() + " is " + shown(options.get(other)))
                        .collect(Collectors.joining(" and "))
                + ".";
    }

    private static String shown(Object value) {
        if (value instanceof Duration duration) {
            return TimeUtils.formatWithHighestUnit(duration); // as users write it
        }
        String line = value.toString().strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
