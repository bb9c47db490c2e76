/**
 * Kafka: examples in, adapter versions out and back. May import Flink, Kafka, {@code event}, {@code
 * adapter}, {@code serve}; no DJL.
 */
package io.flinkpeft.kafka;
