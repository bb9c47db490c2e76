/**
 * The trainer operator: {@link io.flinkpeft.flink.OnlineTraining} is the way in.
 *
 * <p>May import Flink, {@code flink.state}, {@code flink.config} and the packages below them; no
 * DJL, no Kafka.
 */
package io.flinkpeft.flink;
