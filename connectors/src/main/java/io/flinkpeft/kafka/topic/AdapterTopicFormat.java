package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The records of an adapter topic, format {@value #FORMAT_VERSION}.
 *
 * <pre>
 * key        kind      value              headers
 * id@step    version   the payload        all of a version's
 * id@step#i  chunk     i-th part          format, kind, sha256, length, chunks
 * id@step    version   empty              all of a version's, chunks more than 0
 * id         pointer   step, as text      format, kind, sha256
 * &#64;writer  claim    the writer's id    format, kind, job, transactional ids, partitions
 * </pre>
 *
 * <p>An id that holds {@code @} or {@code #} is written {@code @:} and the id with {@code %25}
 * {@code %40} {@code %23} for {@code %}, {@code @} and {@code #}; any other as it is.
 *
 * <p>A version whose payload is larger than a chunk is written as its chunks, from 0, and then its
 * {@code id@step} without a value. The pointer comes after the version, in the same transaction,
 * and names the version that is current: a pointer to an earlier step is a roll-back. A record
 * without a value (null) under any of the keys takes away what the key held.
 *
 * <p>Keys and headers are UTF-8, numbers are decimal text. All records of an adapter lie in the
 * partition {@link #partition} names, of as many as the claim says, whatever was added later.
 *
 * <p>Offset ranges and metrics are headers that repeat: {@code "partition first last count topic"}
 * and {@code "value name"}. Readers ignore headers they do not know.
 */
public final class AdapterTopicFormat {

    /** What {@link #FORMAT} says. */
    public static final int FORMAT_VERSION = 1;

    /** The format's version; in every record that has a value. */
    public static final String FORMAT = "peft.format";

    /** What it holds, such as {@code version}; in every record that has a value. */
    public static final String KIND = "peft.kind";

    /** SHA-256 of the payload, the whole of it, as lower-case hex; in every record. */
    public static final String SHA256 = "peft.sha256";

    /** The payload's length in bytes. */
    public static final String LENGTH = "peft.length";

    /** How many chunks the payload was cut into; 0 if it is in the version's own record. */
    public static final String CHUNKS = "peft.chunks";

    /** The adapter id, as in the key. */
    public static final String ADAPTER = "peft.adapter";

    /** The optimizer step, as in the key. */
    public static final String STEP = "peft.step";

    /** The step of the version before it, or -1. */
    public static final String PARENT = "peft.parent";

    /** SHA-256 of the frozen base model. */
    public static final String BASE = "peft.base";

    /** The PEFT type, such as {@code LORA}. */
    public static final String METHOD = "peft.method";

    /** Numerics: the type of the frozen linears. */
    public static final String DTYPE = "peft.dtype";

    /** Numerics: the threads of a step. */
    public static final String THREADS = "peft.threads";

    /** Numerics: the class of device. */
    public static final String DEVICE = "peft.device";

    /** Numerics: versions of the libraries that computed. */
    public static final String LIBRARIES = "peft.libraries";

    /** The numerics up to a step, where they changed. */
    public static final String NUMERICS_CHANGE = "peft.numerics-change";

    /** How many labelled examples it was trained on. */
    public static final String EXAMPLES = "peft.examples";

    /** The largest event time trained on, milliseconds since the epoch. */
    public static final String MAX_TIMESTAMP = "peft.max-timestamp";

    /** A range of offsets trained on; repeats. */
    public static final String OFFSETS = "peft.offsets";

    /** A metric; repeats. */
    public static final String METRIC = "peft.metric";

    /** How many headers of a name there was no room for: {@code "count name"}; repeats. */
    public static final String LEFT_OUT = "peft.left-out";

    /** Of a claim: the name of the job that writes. */
    public static final String JOB = "peft.job";

    /** Of a claim: how many transactional ids the writer has, and how they begin. */
    public static final String TRANSACTIONAL_IDS = "peft.transactional-ids";

    /** Of a claim: those of the writer before, if there was one. */
    public static final String PREVIOUS_TRANSACTIONAL_IDS = "peft.previous-transactional-ids";

    /** Of a claim: how all transactional ids of a writer that was shut out begin; repeats. */
    public static final String SHUT_OUT = "peft.shut-out";

    /** Of a claim: how many partitions the adapters are spread over. */
    public static final String PARTITIONS = "peft.partitions";

    /** The default size of a chunk: with its headers below the usual limit of a record, 1 MiB. */
    public static final int CHUNK_BYTES = 900_000;

    /** The most bytes the headers of a record may take. */
    public static final int MAX_HEADER_BYTES = 100_000;

    /** The most chunks of a version. */
    public static final int MAX_CHUNKS = 100_000;

    private AdapterTopicFormat() {}

    /**
     * The partition that holds all records of an adapter: murmur2 of the id; 0 of a claim, which
     * has none.
     */
    public static int partition(String adapterId, int partitions) {
        if (adapterId.equals(TopicKey.CLAIM.adapterId())) {
            return 0;
        }
        int hash = Utils.murmur2(adapterId.getBytes(StandardCharsets.UTF_8));
        return Utils.toPositive(hash) % partitions;
    }
}
