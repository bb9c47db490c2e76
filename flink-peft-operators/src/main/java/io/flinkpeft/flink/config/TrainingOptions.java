package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.SpecialTokens;
import io.flinkpeft.task.TargetEnd;
import io.flinkpeft.task.Tasks;
import io.flinkpeft.train.MethodRule;
import io.flinkpeft.train.NumericsRule;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/**
 * The trainer's options. {@link TrainingConfiguration#settings} turns them, and those of the
 * method, into {@link TrainingSettings}; the defaults are those of the records.
 */
public final class TrainingOptions {

    private static final TrainerConfig TRAINER = TrainerConfig.of("model", LoraConfig.DEFAULT);
    private static final OptimizerConfig ADAMW = OptimizerConfig.DEFAULT;
    private static final Batching BATCHING = Batching.DEFAULT;

    /** {@code model}. */
    public static final ConfigOption<String> MODEL =
            key("model")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The base model: a Hugging Face directory, or the name of one on the"
                                    + " class path. Required.");

    /** {@code peft.method}. */
    public static final ConfigOption<String> METHOD =
            key("peft.method")
                    .stringType()
                    .defaultValue("lora")
                    .withDescription(
                            "The tuning method, one of "
                                    + String.join(", ", Methods.names())
                                    + ".");

    /** {@code head.kind}. */
    public static final ConfigOption<String> HEAD_KIND =
            key("head.kind")
                    .stringType()
                    .defaultValue(TRAINER.task().name())
                    .withDescription(
                            "What adapters learn, one of "
                                    + Tasks.names()
                                    + ". STREAM: a label for a text, by pooling and a linear layer"
                                    + " that grows with new labels; CHECKPOINT: by the"
                                    + " checkpoint's own classifier.");

    /** {@code head.labels}. */
    public static final ConfigOption<List<String>> HEAD_LABELS =
            key("head.labels")
                    .stringType()
                    .asList()
                    .defaultValues(TRAINER.labels().toArray(String[]::new))
                    .withDescription(
                            "The fixed labels; an example with another one is rejected. Empty:"
                                    + " labels may appear.");

    /** {@code head.cloze}. */
    public static final ConfigOption<String> HEAD_CLOZE =
            key("head.cloze")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Template and verbalizer of the head CLOZE, as the text of a"
                                    + " cloze.json.");

    /** {@code head.max-labels}. */
    public static final ConfigOption<Integer> HEAD_MAX_LABELS =
            key("head.max-labels")
                    .intType()
                    .defaultValue(TRAINER.maxLabels())
                    .withDescription("How many labels a growing head may have, at least 2.");

    /** {@code head.learning-rate}. */
    public static final ConfigOption<Double> HEAD_LEARNING_RATE =
            key("head.learning-rate")
                    .doubleType()
                    .defaultValue(ADAMW.headLearningRate())
                    .withDescription("AdamW's rate for the stream head, 0 to 1e6; 0 freezes it.");

    /** {@code train.learning-rate}. */
    public static final ConfigOption<Double> LEARNING_RATE =
            key("train.learning-rate")
                    .doubleType()
                    .defaultValue(ADAMW.learningRate())
                    .withDescription("AdamW's rate for the adapter, more than 0, at most 1e6.");

    /** {@code train.weight-decay}. */
    public static final ConfigOption<Double> WEIGHT_DECAY =
            key("train.weight-decay")
                    .doubleType()
                    .defaultValue(ADAMW.weightDecay())
                    .withDescription("AdamW's decoupled weight decay, at least 0.");

    /** {@code train.beta1}. */
    public static final ConfigOption<Double> BETA1 =
            key("train.beta1")
                    .doubleType()
                    .defaultValue(ADAMW.beta1())
                    .withDescription("Decay of AdamW's first moment, in [0, 1).");

    /** {@code train.beta2}. */
    public static final ConfigOption<Double> BETA2 =
            key("train.beta2")
                    .doubleType()
                    .defaultValue(ADAMW.beta2())
                    .withDescription("Decay of AdamW's second moment, in [0, 1).");

    /** {@code train.epsilon}. */
    public static final ConfigOption<Double> EPSILON =
            key("train.epsilon")
                    .doubleType()
                    .defaultValue(ADAMW.epsilon())
                    .withDescription("Added to AdamW's denominator, more than 0, at most 1e6.");

    /** {@code train.clip-norm}. */
    public static final ConfigOption<Double> CLIP_NORM =
            key("train.clip-norm")
                    .doubleType()
                    .defaultValue(ADAMW.clipNorm())
                    .withDescription(
                            "Largest L2 norm of an adapter's gradient, more than 0; Infinity clips"
                                    + " nothing.");

    /** {@code train.batch-size}. */
    public static final ConfigOption<Integer> BATCH_SIZE =
            key("train.batch-size")
                    .intType()
                    .defaultValue(BATCHING.size())
                    .withDescription("Examples that close an adapter's batch, at least 1.");

    /** {@code train.batch-interval}. */
    public static final ConfigOption<Duration> BATCH_INTERVAL =
            key("train.batch-interval")
                    .durationType()
                    .defaultValue(BATCHING.interval())
                    .withDescription(
                            "Event time that closes an adapter's batch when its next example comes;"
                                    + " 0: never.");

    /** {@code train.adapters-per-step}. */
    public static final ConfigOption<Integer> ADAPTERS_PER_STEP =
            key("train.adapters-per-step")
                    .intType()
                    .defaultValue(BATCHING.adaptersPerStep())
                    .withDescription("How many adapters share a step at most.");

    /** {@code train.examples-per-step}. */
    public static final ConfigOption<Integer> EXAMPLES_PER_STEP =
            key("train.examples-per-step")
                    .intType()
                    .defaultValue(BATCHING.examplesPerStep())
                    .withDescription("How many examples share a step at most, but always a batch.");

    /** {@code train.max-buffered}. */
    public static final ConfigOption<Integer> MAX_BUFFERED =
            key("train.max-buffered")
                    .intType()
                    .defaultValue(BATCHING.maxBuffered())
                    .withDescription(
                            "How many examples may wait for steps in a subtask before it takes no"
                                    + " more.");

    /** {@code train.max-buffered-bytes}. */
    public static final ConfigOption<MemorySize> MAX_BUFFERED_BYTES =
            key("train.max-buffered-bytes")
                    .memoryType()
                    .defaultValue(new MemorySize(BATCHING.maxBufferedBytes()))
                    .withDescription(
                            "How many bytes of them may wait before it takes no more, and how many"
                                    + " bytes of batches that still grow stay out of Flink's state;"
                                    + " at most 1 gb.");

    /** {@code train.max-tokens}. */
    public static final ConfigOption<Integer> MAX_TOKENS =
            key("train.max-tokens")
                    .intType()
                    .defaultValue(TRAINER.maxTokens())
                    .withDescription("Longer texts are truncated and counted; at least 4.");

    /** {@code train.target-end}. */
    public static final ConfigOption<TargetEnd> TARGET_END =
            key("train.target-end")
                    .enumType(TargetEnd.class)
                    .defaultValue(TRAINER.targetEnd())
                    .withDescription(
                            "appended: the tokenizer's end token is put behind the target of a"
                                    + " decoder, unless it is there; as-written: it is not.");

    /** {@code text.special-tokens}. */
    public static final ConfigOption<SpecialTokens> SPECIAL_TOKENS =
            key("text.special-tokens")
                    .enumType(SpecialTokens.class)
                    .defaultValue(TRAINER.special())
                    .withDescription(
                            "What special tokens that are written in texts, such as [SEP], mean:"
                                    + " tokens: the token; plain: what is written.");

    /** {@code train.seed}. */
    public static final ConfigOption<Long> SEED =
            key("train.seed")
                    .longType()
                    .defaultValue(TRAINER.seed())
                    .withDescription("Seed of initial values, dropout and replay.");

    /** {@code train.device}. */
    public static final ConfigOption<String> DEVICE =
            key("train.device")
                    .stringType()
                    .defaultValue(TRAINER.device())
                    .withDescription("cpu, gpu:i or auto.");

    /** {@code train.dtype}. */
    public static final ConfigOption<String> DTYPE =
            key("train.dtype")
                    .stringType()
                    .defaultValue(TRAINER.dtype())
                    .withDescription("Of the frozen linear layers: fp32, bf16 or auto.");

    /** {@code train.numerics}. */
    public static final ConfigOption<NumericsRule> NUMERICS =
            key("train.numerics")
                    .enumType(NumericsRule.class)
                    .defaultValue(TRAINER.numerics())
                    .withDescription(
                            "What happens to adapters that were trained under another type of the"
                                    + " frozen layers, device, library or processor: keep refuses"
                                    + " them, allow-change goes on and records it.");

    /** {@code replay.size}. */
    public static final ConfigOption<Integer> REPLAY_SIZE =
            key("replay.size")
                    .intType()
                    .defaultValue(Replay.OFF.size())
                    .withDescription("Examples an adapter keeps to train on again; 0: none.");

    /** {@code replay.per-batch}. */
    public static final ConfigOption<Integer> REPLAY_PER_BATCH =
            key("replay.per-batch")
                    .intType()
                    .defaultValue(Replay.OFF.perBatch())
                    .withDescription("How many of them join each batch.");

    /** {@code cache.adapters}. */
    public static final ConfigOption<Integer> CACHE_ADAPTERS =
            key("cache.adapters")
                    .intType()
                    .defaultValue(DeviceCache.DEFAULT.adapters())
                    .withDescription("How many adapters a subtask keeps on the device at most.");

    /** {@code cache.bytes}. */
    public static final ConfigOption<MemorySize> CACHE_BYTES =
            key("cache.bytes")
                    .memoryType()
                    .defaultValue(new MemorySize(DeviceCache.DEFAULT.bytes()))
                    .withDescription("How much memory they take at most.");

    /** {@code cache.unwritten-bytes}. */
    public static final ConfigOption<MemorySize> CACHE_UNWRITTEN_BYTES =
            key("cache.unwritten-bytes")
                    .memoryType()
                    .defaultValue(new MemorySize(DeviceCache.DEFAULT.unwrittenBytes()))
                    .withDescription(
                            "How much of it may differ from Flink's state, for the next checkpoint"
                                    + " to write.");

    /** {@code adapters.ttl}. */
    public static final ConfigOption<Duration> ADAPTERS_TTL =
            key("adapters.ttl")
                    .durationType()
                    .defaultValue(TrainingSettings.NO_TTL)
                    .withDescription(
                            "An adapter without events for so long, in event time, ends; 0: none"
                                    + " does.");

    /** {@code publish.every-steps}. */
    public static final ConfigOption<Integer> PUBLISH_EVERY_STEPS =
            key("publish.every-steps")
                    .intType()
                    .defaultValue(EverySteps.DEFAULT.steps())
                    .withDescription(
                            "An adapter's version is cut when its step count, from where it began,"
                                    + " is a multiple of this.");

    /** {@code publish.min-examples}. */
    public static final ConfigOption<Integer> PUBLISH_MIN_EXAMPLES =
            key("publish.min-examples")
                    .intType()
                    .defaultValue(EverySteps.DEFAULT.minExamples())
                    .withDescription(
                            "None is cut before the adapter learnt from so many examples since it"
                                    + " began, at least 1.");

    /** {@code controls.methods}. */
    public static final ConfigOption<Boolean> CONTROLS_METHODS =
            key("controls.methods")
                    .booleanType()
                    .defaultValue(MethodRule.DEFAULT.allowed())
                    .withDescription("Whether a control may give an adapter a method of its own.");

    /** {@code controls.max-values}. */
    public static final ConfigOption<Long> CONTROLS_MAX_VALUES =
            key("controls.max-values")
                    .longType()
                    .defaultValue(MethodRule.DEFAULT.maxValues())
                    .withDescription(
                            "How many values an adapter may have under such a method; 0: the"
                                    + " larger of 16 times those of the job's method and 4000000."
                                    + " Never more than the base model has.");

    private TrainingOptions() {}
}
