/**
 * Flink SQL: the model provider {@link io.flinkpeft.sql.FlinkPeftModelFactory} for {@code CREATE
 * MODEL} and {@code ML_PREDICT}, and the module {@link io.flinkpeft.sql.FlinkPeftModule} with
 * scalar functions. Both take the options of {@link io.flinkpeft.sql.FlinkPeftOptions}.
 *
 * <p>May import Flink, {@code predict} and the packages below it; no DJL, no Kafka.
 */
package io.flinkpeft.sql;
