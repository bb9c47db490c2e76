/**
 * The adapter topic: what its records are ({@link io.flinkpeft.kafka.topic.AdapterTopicFormat}),
 * tools that read and write it, and the subscription that serves from it.
 *
 * <p>May import the JDK, the Kafka client, {@code adapter} and {@code serve}; no Flink, no DJL.
 */
package io.flinkpeft.kafka.topic;
