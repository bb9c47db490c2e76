/**
 * Flink SQL: the model provider and the scalar functions. May import Flink and the packages below
 * it; no DJL, no Kafka.
 */
package io.flinkpeft.sql;
