package io.flinkpeft.flink.config;

import io.flinkpeft.method.prompt.PromptInitialization;
import io.flinkpeft.method.ptuning.PromptEncoder;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Task;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Which of the trainer's options the others leave without a use. */
final class TrainingUses {

    private TrainingUses() {}

    /** Of options that {@link TrainingConfiguration#settings} takes. */
    static UnusedOptions unused(Configuration options) {
        var unused = new UnusedOptions(options);
        method(options, unused);
        head(options, unused);
        boolean arrival = options.get(OrderOptions.ORDER) == EventOrder.Kind.ARRIVAL;
        boolean noReplay = options.get(TrainingOptions.REPLAY_SIZE) == 0;
        return unused.where(arrival, OrderOptions.ID_HORIZON, OrderOptions.ORDER)
                .where(
                        !readsWatermarks(options),
                        OrderOptions.OUT_OF_ORDERNESS,
                        OrderOptions.ORDER,
                        TrainingOptions.ADAPTERS_TTL)
                .where(noReplay, TrainingOptions.REPLAY_PER_BATCH, TrainingOptions.REPLAY_SIZE)
                .where(
                        options.get(TrainingOptions.REPLAY_PER_BATCH) == 0,
                        TrainingOptions.REPLAY_SIZE,
                        TrainingOptions.REPLAY_PER_BATCH)
                .where(
                        !options.get(TrainingOptions.CONTROLS_METHODS),
                        TrainingOptions.CONTROLS_MAX_VALUES,
                        TrainingOptions.CONTROLS_METHODS);
    }

    /** Whether anything waits for a watermark: a turn, or the end of an adapter. */
    static boolean readsWatermarks(Configuration options) {
        return options.get(OrderOptions.ORDER) == EventOrder.Kind.EVENT_TIME
                || !options.get(TrainingOptions.ADAPTERS_TTL).isZero();
    }

    private static void method(Configuration options, UnusedOptions unused) {
        for (ConfigOption<?> option : TrainingConfiguration.options()) {
            unused.where(Methods.ofAnother(options, option), option, TrainingOptions.METHOD);
        }
        boolean mlp =
                options.get(PromptOptions.P_TUNING_ENCODER_REPARAMETERIZATION_TYPE)
                        == PromptEncoder.MLP;
        unused.where(
                        options.get(PromptOptions.PROMPT_INIT) != PromptInitialization.TEXT,
                        PromptOptions.PROMPT_INIT_TEXT,
                        PromptOptions.PROMPT_INIT)
                .where(
                        !options.get(PromptOptions.PREFIX_PROJECTION),
                        PromptOptions.PREFIX_ENCODER_HIDDEN_SIZE,
                        PromptOptions.PREFIX_PROJECTION)
                .where(
                        mlp,
                        PromptOptions.P_TUNING_ENCODER_NUM_LAYERS,
                        PromptOptions.P_TUNING_ENCODER_REPARAMETERIZATION_TYPE)
                .where(
                        mlp,
                        PromptOptions.P_TUNING_ENCODER_DROPOUT,
                        PromptOptions.P_TUNING_ENCODER_REPARAMETERIZATION_TYPE);
    }

    private static void head(Configuration options, UnusedOptions unused) {
        Task task = TrainingConfiguration.task(options);
        boolean cloze = task.name().equals(ClozeTask.NAME);
        unused.where(!cloze, TrainingOptions.HEAD_CLOZE, TrainingOptions.HEAD_KIND)
                .where(
                        !task.trainsHead(),
                        TrainingOptions.HEAD_LEARNING_RATE,
                        TrainingOptions.HEAD_KIND)
                .where(
                        !task.hasStreamHead(),
                        TrainingOptions.HEAD_MAX_LABELS,
                        TrainingOptions.HEAD_KIND)
                .where(
                        !options.get(TrainingOptions.HEAD_LABELS).isEmpty(),
                        TrainingOptions.HEAD_MAX_LABELS,
                        TrainingOptions.HEAD_LABELS)
                .where(!task.endsTargets(), TrainingOptions.TARGET_END, TrainingOptions.HEAD_KIND);
    }
}
