/**
 * Base models on disk: {@link io.flinkpeft.model.ModelLocator} finds one, {@link
 * io.flinkpeft.model.ModelDirectory} reads it, {@link io.flinkpeft.model.TextTokenizer} turns text
 * into its tokens, {@link io.flinkpeft.model.OnnxImporter} makes one of an ONNX graph.
 *
 * <p>Whatever is wrong with a model is an {@link java.lang.IllegalArgumentException} that says so;
 * a disk that fails is an {@link java.io.IOException}.
 *
 * <p>May import DJL, Jackson, slf4j, the ONNX protobufs, {@code engine}, {@code method}, {@code
 * adapter} and {@code safetensors}; not Flink.
 */
package io.flinkpeft.model;
