package io.flinkpeft.flink.config;

import io.flinkpeft.task.ClozeJson;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Task;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.train.MethodRule;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Turns Flink options into {@link TrainingSettings}. */
public final class TrainingConfiguration {

    private static final List<ConfigOption<?>> OPTIONS =
            Stream.<Class<?>>concat(
                            Stream.of(TrainingOptions.class, OrderOptions.class),
                            Methods.options().stream())
                    .flatMap(options -> Arrays.stream(options.getFields()))
                    .<ConfigOption<?>>map(TrainingConfiguration::option)
                    .toList();

    private static final Set<String> KEYS =
            OPTIONS.stream().map(ConfigOption::key).collect(Collectors.toCollection(TreeSet::new));

    /** Groups that have keys of topics too. */
    private static final Set<String> SHARED = Set.of("adapters", "controls");

    private static final Set<String> GROUPS =
            KEYS.stream()
                    .map(TrainingConfiguration::group)
                    .filter(group -> !SHARED.contains(group))
                    .collect(Collectors.toSet());

    private TrainingConfiguration() {}

    /** All options that the settings are made of. */
    public static List<ConfigOption<?>> options() {
        return OPTIONS;
    }

    /**
     * The settings of a configuration, which may hold other keys too.
     *
     * @throws IllegalArgumentException if {@link TrainingOptions#MODEL} is missing, a value cannot
     *     be used, or a key of our groups is unknown
     */
    public static TrainingSettings settings(Configuration configuration) {
        checkKeys(configuration.keySet());
        return new TrainingSettings(
                trainer(configuration),
                new Batching(
                        configuration.get(TrainingOptions.BATCH_SIZE),
                        configuration.get(TrainingOptions.BATCH_INTERVAL),
                        configuration.get(TrainingOptions.ADAPTERS_PER_STEP),
                        configuration.get(TrainingOptions.EXAMPLES_PER_STEP),
                        configuration.get(TrainingOptions.MAX_BUFFERED),
                        configuration.get(TrainingOptions.MAX_BUFFERED_BYTES).getBytes()),
                new EverySteps(
                        configuration.get(TrainingOptions.PUBLISH_EVERY_STEPS),
                        configuration.get(TrainingOptions.PUBLISH_MIN_EXAMPLES)),
                new Replay(
                        configuration.get(TrainingOptions.REPLAY_SIZE),
                        configuration.get(TrainingOptions.REPLAY_PER_BATCH)),
                new DeviceCache(
                        configuration.get(TrainingOptions.CACHE_ADAPTERS),
                        configuration.get(TrainingOptions.CACHE_BYTES).getBytes(),
                        configuration.get(TrainingOptions.CACHE_UNWRITTEN_BYTES).getBytes()),
                order(configuration),
                configuration.get(TrainingOptions.ADAPTERS_TTL),
                new MethodRule(
                        configuration.get(TrainingOptions.CONTROLS_METHODS),
                        configuration.get(TrainingOptions.CONTROLS_MAX_VALUES)));
    }

    /** The options that are given and do nothing; those of other keys are not known here. */
    public static UnusedOptions unused(Configuration configuration) {
        return TrainingUses.unused(configuration);
    }

    /** Whether the trainer looks at watermarks. */
    public static boolean readsWatermarks(Configuration configuration) {
        return TrainingUses.readsWatermarks(configuration);
    }

    private static EventOrder order(Configuration configuration) {
        return new EventOrder(
                configuration.get(OrderOptions.ORDER),
                configuration.get(OrderOptions.OUT_OF_ORDERNESS),
                configuration.get(OrderOptions.LABEL_WAIT),
                configuration.get(OrderOptions.ID_HORIZON));
    }

    /**
     * Refuses keys that begin like ours and are not.
     *
     * @throws IllegalArgumentException with the keys that were perhaps meant
     */
    public static void checkKeys(Set<String> keys) {
        for (String key : new TreeSet<>(keys)) {
            if (GROUPS.contains(group(key)) && !KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        key
                                + " must be an option. Maybe one of "
                                + String.join(", ", keysOf(group(key)))
                                + ".");
            }
        }
    }

    private static List<String> keysOf(String group) {
        return KEYS.stream().filter(key -> group(key).equals(group)).toList();
    }

    /** What stands before the first dot: {@code train} of {@code train.seed}. */
    private static String group(String key) {
        return key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
    }

    private static ConfigOption<?> option(Field field) {
        try {
            return (ConfigOption<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // the fields are public
        }
    }

    private static TrainerConfig trainer(Configuration configuration) {
        String model =
                configuration
                        .getOptional(TrainingOptions.MODEL)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "model (absent) must be a Hugging Face directory or"
                                                        + " the name of one on the class path."));
        return new TrainerConfig(
                model,
                Methods.method(configuration),
                task(configuration),
                configuration.get(TrainingOptions.HEAD_LABELS),
                configuration.get(TrainingOptions.HEAD_MAX_LABELS),
                configuration.get(TrainingOptions.MAX_TOKENS),
                optimizer(configuration),
                configuration.get(TrainingOptions.DEVICE),
                configuration.get(TrainingOptions.DTYPE),
                configuration.get(TrainingOptions.SEED),
                configuration.get(TrainingOptions.NUMERICS),
                configuration.get(TrainingOptions.TARGET_END),
                configuration.get(TrainingOptions.SPECIAL_TOKENS));
    }

    /**
     * What adapters learn: {@code head.kind}, with {@code head.cloze} if it is asked by such.
     *
     * @throws IllegalArgumentException if there is no such task
     */
    public static Task task(Configuration configuration) {
        Task named =
                Tasks.named(configuration.get(TrainingOptions.HEAD_KIND).toUpperCase(Locale.ROOT));
        var cloze = // read under every task, as what is no cloze is refused
                configuration
                        .getOptional(TrainingOptions.HEAD_CLOZE)
                        .map(TrainingConfiguration::cloze);
        return named.name().equals(ClozeTask.NAME)
                ? cloze.<Task>map(task -> task).orElse(named)
                : named;
    }

    private static ClozeTask cloze(String json) {
        try {
            return new ClozeTask(ClozeJson.of(json));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    TrainingOptions.HEAD_CLOZE.key() + ": " + e.getMessage(), e);
        }
    }

    private static OptimizerConfig optimizer(Configuration configuration) {
        return new OptimizerConfig(
                configuration.get(TrainingOptions.LEARNING_RATE),
                configuration.get(TrainingOptions.HEAD_LEARNING_RATE),
                configuration.get(TrainingOptions.WEIGHT_DECAY),
                configuration.get(TrainingOptions.BETA1),
                configuration.get(TrainingOptions.BETA2),
                configuration.get(TrainingOptions.EPSILON),
                configuration.get(TrainingOptions.CLIP_NORM));
    }
}
