/**
 * Prefix tuning, which with a classification head is P-tuning v2: trained keys and values before a
 * text's own. The formula is in {@code kernels/prefix.py}.
 *
 * <p>May import {@code io.flinkpeft.method}, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.prefix;
