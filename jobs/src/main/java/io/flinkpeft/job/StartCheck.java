package io.flinkpeft.job;

import io.flinkpeft.flink.config.OrderOptions;
import io.flinkpeft.flink.config.TrainingConfiguration;
import io.flinkpeft.flink.config.TrainingOptions;
import io.flinkpeft.kafka.topic.JobTopics;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What can be seen to be wrong before a job is submitted: its topics, its model, and where its
 * state would be. A submitted job would restart for ever.
 */
final class StartCheck {

    /** Flink's own kinds of storage; others are a user's. */
    private static final Set<String> IN_FLINK = Set.of("jobmanager", "filesystem");

    private final Configuration options;
    private final StreamExecutionEnvironment env;
    private final List<String> warnings = new ArrayList<>();

    private StartCheck(Configuration options, StreamExecutionEnvironment env) {
        this.options = options;
        this.env = env;
    }

    /**
     * Checks a job that was added to its environment.
     *
     * @return what may be wrong
     * @throws IllegalArgumentException if a setting cannot be used
     * @throws IllegalStateException if Kafka does not answer, or not as it must
     */
    static List<String> of(
            Configuration options, StreamExecutionEnvironment env, JobTopics topics) {
        var check = new StartCheck(options, env);
        check.unused();
        check.state();
        check.model();
        check.topics(topics);
        if (check.isNew()) {
            check.offsets(topics);
            check.writer(topics);
        }
        return check.warnings;
    }

    private void unused() {
        warnings.addAll(
                TrainingConfiguration.unused(options)
                        .where(
                                !TrainingConfiguration.readsWatermarks(options),
                                JobOptions.IDLE_AFTER,
                                OrderOptions.ORDER,
                                TrainingOptions.ADAPTERS_TTL)
                        .lines());
    }

    private boolean isNew() {
        return env.getConfiguration().getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isEmpty();
    }

    /** In the JobManager's memory state must be small, and is gone with the job. */
    private void state() {
        String memory = "jobmanager";
        var storage = env.getConfiguration().getOptional(CheckpointingOptions.CHECKPOINT_STORAGE);
        var directory =
                env.getConfiguration().getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        boolean onDisk = directory.isPresent() && !storage.orElse("").equalsIgnoreCase(memory);
        if (!onDisk && IN_FLINK.contains(storage.orElse(memory).toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "execution.checkpointing.dir ("
                            + directory.orElse("absent")
                            + ") must hold the state, with execution.checkpointing.storage ("
                            + storage.orElse("absent")
                            + ") filesystem or absent: the JobManager's memory takes no state above"
                            + " 5 MB, and forgets it with the job. Maybe set a directory that all"
                            + " machines share in Flink's configuration, or behind flink run by"
                            + " -Dexecution.checkpointing.dir=file:///DIR.");
        }
    }

    private void model() {
        String model = options.get(TrainingOptions.MODEL);
        try {
            if (Files.exists(Path.of(model))) {
                var directory = ModelDirectory.open(Path.of(model));
                TrainingConfiguration.task(options).check(directory, "trained");
            } else if (!model.equals(ModelLocator.MINI_LM)) {
                warnings.add(
                        "model ("
                                + model
                                + ") is no directory on this machine, must be one on every"
                                + " TaskManager.");
            }
        } catch (InvalidPathException | IOException e) {
            warnings.add("model (" + model + ") cannot be read on this machine: " + e);
        }
    }

    private void topics(JobTopics topics) {
        topics.check(JobOptions.EXAMPLE_TOPICS.key(), options.get(JobOptions.EXAMPLE_TOPICS));
        options.getOptional(JobOptions.CONTROL_TOPICS)
                .ifPresent(names -> topics.check(JobOptions.CONTROL_TOPICS.key(), names));
        options.getOptional(JobOptions.PREDICTION_TOPIC)
                .ifPresent(name -> topics.check(JobOptions.PREDICTION_TOPIC.key(), List.of(name)));
        topics.prepareDeadLetters(
                JobOptions.DEAD_LETTER_TOPIC.key(), options.get(JobOptions.DEAD_LETTER_TOPIC));
    }

    /** A new job that may not take over would end when its task sees the claim. */
    private void writer(JobTopics topics) {
        if (options.get(JobOptions.TAKE_OVER)) {
            return;
        }
        topics.writer()
                .ifPresent(
                        writer ->
                                warnings.add(
                                        "adapters.topic ("
                                                + options.get(JobOptions.ADAPTER_TOPIC)
                                                + ") is written by "
                                                + writer
                                                + ", and this job has no state: its task will end"
                                                + " it. Maybe stop that job and restore this one"
                                                + " by -s from its state; if it will not come"
                                                + " back, set adapters.take-over."));
    }

    private void offsets(JobTopics topics) {
        if (options.get(JobOptions.START) != JobOptions.Start.COMMITTED) {
            return;
        }
        String group = JobOptions.groupId(options);
        var committed = topics.committed(group, options.get(JobOptions.EXAMPLE_TOPICS));
        if (!committed.isEmpty()) {
            warnings.add(
                    "examples.group-id ("
                            + group
                            + ") has committed offsets in "
                            + committed
                            + ", and this job has no state: it does not learn what lies before"
                            + " them. Maybe restore it by -s, or set examples.start to EARLIEST.");
        }
    }
}
