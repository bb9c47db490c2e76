/**
 * The trainer's settings: records that hold the defaults, and the Flink options that fill them.
 *
 * <p>May import Flink's core, {@code train} and {@code method}; not DJL.
 */
package io.flinkpeft.flink.config;
