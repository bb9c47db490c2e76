/**
 * The command line {@code flink-peft}: a class a command, all without Flink and Kafka.
 *
 * <p>May import everything but {@code io.flinkpeft.job}.
 */
package io.flinkpeft.cli;
