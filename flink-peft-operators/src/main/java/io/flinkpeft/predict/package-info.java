/**
 * Predictions with the current version of many adapters: joins {@code serve}, where versions come
 * from, with {@code train}, which computes. Begin with {@link io.flinkpeft.predict.Serving}.
 *
 * <p>May import the JDK, slf4j, {@code serve}, {@code train}, {@code task} and {@code adapter}; not
 * Flink.
 */
package io.flinkpeft.predict;
