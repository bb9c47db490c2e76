/**
 * P-tuning: embeddings before a text's own, made by an encoder while training. The formulas are in
 * {@code kernels/prompt_mlp.py} and {@code kernels/prompt_lstm.py}.
 *
 * <p>May import {@code io.flinkpeft.method}, {@code io.flinkpeft.method.prompt}, {@code
 * io.flinkpeft.adapter} and {@code io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.ptuning;
