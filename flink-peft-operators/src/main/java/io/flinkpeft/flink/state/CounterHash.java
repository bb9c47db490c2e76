package io.flinkpeft.flink.state;

/**
 * Random numbers without a generator: the same seed, adapter and counters give the same number, in
 * any order and after any restart.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood, Fast splittable
 *     pseudorandom number generators, 2014, section 4 (the mixing function)</a>
 */
final class CounterHash {

    private CounterHash() {}

    /** A number below {@code bound}, at least 0. */
    static long below(long bound, long key, long counter, long draw) {
        return Long.remainderUnsigned(mix(mix(key ^ mix(counter)) + draw), bound);
    }

    /** One number for a seed and an adapter. */
    static long key(long seed, String adapterId) {
        long key = mix(seed);
        for (int i = 0; i < adapterId.length(); i++) {
            key = mix(key ^ adapterId.charAt(i));
        }
        return key;
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
