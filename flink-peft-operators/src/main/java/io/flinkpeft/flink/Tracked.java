package io.flinkpeft.flink;

/**
 * A value of one adapter of which Flink's state has a copy, perhaps an older one. It knows whether
 * it changed since it was read or written; nobody else keeps account of that.
 */
final class Tracked<T> {

    /** Writes a value to Flink's state, under the current key. */
    interface Writer<T> {
        void write(T value) throws Exception;
    }

    /** Changes a value in place. */
    interface Change<T> {
        void make(T value);
    }

    private final Writer<T> writer;
    private T value;
    private boolean changed;

    /**
     * A value as it is in state.
     *
     * @param writer writes a later one
     */
    Tracked(T value, Writer<T> writer) {
        this.value = value;
        this.writer = writer;
    }

    T get() {
        return value;
    }

    /** Takes a new value, of which state does not know unless it equals the one before. */
    void set(T next) {
        changed |= !next.equals(value);
        value = next;
    }

    /** Changes the value, of which state does not know. */
    void change(Change<T> change) {
        change.make(value);
        changed = true;
    }

    /** Takes a value with which state agrees, whatever it had before. */
    void settle(T settled) {
        value = settled;
        changed = false;
    }

    /** Whether state has another value. */
    boolean changed() {
        return changed;
    }

    /** Writes the value to state if it changed. */
    void write() throws Exception {
        if (changed) {
            writer.write(value);
            changed = false;
        }
    }
}
