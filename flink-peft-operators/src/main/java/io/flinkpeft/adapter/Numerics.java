package io.flinkpeft.adapter;

/**
 * What, besides its examples, decides an adapter's bits. Two runs agree byte for byte only under
 * the same numerics, so state and versions carry it.
 *
 * @param dtype of the frozen linears: {@code fp32} or {@code bf16}
 * @param threads intra-op threads of a step
 * @param device the class of device: {@code cpu} or {@code gpu}
 * @param libraries versions of the libraries that compute, such as {@code libtorch 2.7.1}
 */
public record Numerics(String dtype, int threads, String device, String libraries) {}
