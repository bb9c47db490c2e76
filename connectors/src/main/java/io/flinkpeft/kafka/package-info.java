/**
 * Kafka streams of a job: examples in, dead letters and adapter versions out. The adapter topic
 * itself is in {@link io.flinkpeft.kafka.topic}.
 *
 * <p>May import Flink, Kafka, {@code event}, {@code json}, {@code adapter}, {@code flink.config},
 * {@code flink.state}, {@code flink.RejectedRecords} and {@code kafka.topic}; no DJL.
 */
package io.flinkpeft.kafka;
