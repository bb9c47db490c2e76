package io.flinkpeft.adapter;

/**
 * What, besides its examples, decides an adapter's bits. Two runs agree byte for byte only under
 * the same numerics, so state and versions carry it.
 *
 * @param dtype of the frozen linears: {@code fp32} or {@code bf16}
 * @param threads intra-op threads of a step
 * @param device the class of device: {@code cpu} or {@code gpu}
 * @param libraries versions of the libraries that compute, and how they round on this processor:
 *     {@code libtorch 2.7.1, tokenizers 0.21.0-0.35.1, arithmetic 5d0c41aa}
 */
public record Numerics(String dtype, int threads, String device, String libraries) {

    @Override
    public String toString() {
        return dtype + ", threads " + threads + ", " + device + ", " + libraries;
    }
}
