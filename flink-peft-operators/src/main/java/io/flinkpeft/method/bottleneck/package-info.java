/**
 * Bottleneck adapters: small networks with a nonlinearity beside or after a sublayer; MAD-X, where
 * they stand on frozen ones. Their settings have AdapterHub's keys, also in its own file. The
 * formulas are in {@code kernels/bottleneck.py} and {@code kernels/coupling.py}.
 *
 * <p>Start with {@link io.flinkpeft.method.bottleneck.BottleneckConfig}. May import Jackson, {@code
 * io.flinkpeft.method}, {@code io.flinkpeft.method.codec}, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.bottleneck;
