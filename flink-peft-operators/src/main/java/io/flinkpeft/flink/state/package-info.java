/**
 * What the trainer operator keeps in Flink's state, and the type information of its streams: one
 * versioned serializer a type.
 *
 * <p>May import Flink's core, {@code adapter} and {@code event}; not DJL.
 */
package io.flinkpeft.flink.state;
