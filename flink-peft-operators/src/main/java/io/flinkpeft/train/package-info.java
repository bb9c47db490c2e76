/**
 * Training and predicting: {@link io.flinkpeft.train.OnlineTrainer} and {@link
 * io.flinkpeft.train.Predictor}. Their public methods speak {@code event} and {@code adapter}; no
 * tensor leaves this package.
 *
 * <p>May import DJL, Jackson, slf4j, {@code engine}, {@code task}, {@code model}, {@code method},
 * {@code adapter}, {@code safetensors}, {@code evaluation} and {@code event}; not Flink.
 */
package io.flinkpeft.train;
