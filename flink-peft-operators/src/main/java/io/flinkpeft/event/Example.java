package io.flinkpeft.event;

/**
 * One text of a stream, with its label if it has one, and where it came from.
 *
 * <p>A public record of simple components: Flink serializes it as a POJO.
 *
 * @param adapterId the adapter that learns from it and the key of the stream; not null
 * @param id what its producer calls it, unique for the adapter; null if it has no name, then it is
 *     never a duplicate and no label can follow it
 * @param text the text; not null, may be empty
 * @param textPair the second text of a pair; null if there is none
 * @param label the class to learn, the classes of words with spaces between them, or any number of
 *     labels, a line each; null if the example is only to be predicted
 * @param target the text to generate, the answer, or numbers with spaces between them; null if
 *     there is none
 * @param timestampMillis event time, milliseconds since the epoch
 * @param topic the topic it was read from; null if it did not come from one
 * @param partition the partition of the topic, or -1
 * @param offset the offset in the partition, or -1
 * @param raw the record it was read from; null if there is none, or it is not kept
 */
public record Example(
        String adapterId,
        String id,
        String text,
        String textPair,
        String label,
        String target,
        long timestampMillis,
        String topic,
        int partition,
        long offset,
        RawRecord raw)
        implements TrainingEvent {

    /** An example that keeps no record. */
    public Example(
            String adapterId,
            String id,
            String text,
            String textPair,
            String label,
            String target,
            long timestampMillis,
            String topic,
            int partition,
            long offset) {
        this(
                adapterId,
                id,
                text,
                textPair,
                label,
                target,
                timestampMillis,
                topic,
                partition,
                offset,
                null);
    }

    /** An example without an id. */
    public Example(
            String adapterId,
            String text,
            String textPair,
            String label,
            String target,
            long timestampMillis,
            String topic,
            int partition,
            long offset) {
        this(
                adapterId,
                null,
                text,
                textPair,
                label,
                target,
                timestampMillis,
                topic,
                partition,
                offset);
    }

    /** What an example says, which did not come from a topic, at event time 0. */
    public static Example of(String adapterId, ExampleContent content) {
        return new Example(
                adapterId,
                content.text(),
                content.textPair(),
                content.label(),
                content.target(),
                0,
                null,
                -1,
                -1);
    }

    /** An example that did not come from a topic, at event time 0. */
    public static Example labelled(String adapterId, String text, String label) {
        return new Example(adapterId, text, null, label, null, 0, null, -1, -1);
    }

    /** An example without a label: it is predicted and not trained on. */
    public static Example unlabelled(String adapterId, String text) {
        return labelled(adapterId, text, null);
    }

    /** What it says. */
    public ExampleContent content() {
        return new ExampleContent(text, textPair, label, target);
    }

    /** The same example at another place of a stream. */
    public Example at(long timestampMillis, String topic, int partition, long offset) {
        return new Example(
                adapterId,
                id,
                text,
                textPair,
                label,
                target,
                timestampMillis,
                topic,
                partition,
                offset,
                raw);
    }

    /** The same example with the record it was read from; null: it keeps none. */
    public Example with(RawRecord raw) {
        return with(id, label, raw);
    }

    /** The same example under an id. */
    public Example named(String id) {
        return with(id, label, raw);
    }

    /** The same example with another label; null: without one. It is no longer what was read. */
    public Example withLabel(String label) {
        return with(id, label, raw == null ? null : raw.withoutValue());
    }

    private Example with(String newId, String newLabel, RawRecord newRaw) {
        return new Example(
                adapterId,
                newId,
                text,
                textPair,
                newLabel,
                target,
                timestampMillis,
                topic,
                partition,
                offset,
                newRaw);
    }
}
