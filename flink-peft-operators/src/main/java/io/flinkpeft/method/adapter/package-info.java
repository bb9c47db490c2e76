/**
 * Bottleneck adapters: small networks with a nonlinearity beside or behind a sublayer; MAD-X, where
 * they stand on frozen ones; AdapterFusion of frozen ones; AdapterHub's files. The formulas are in
 * {@code kernels/bottleneck.py}, {@code kernels/coupling.py} and {@code kernels/fusion.py}.
 *
 * <p>May import Jackson, {@code io.flinkpeft.method}, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.adapter;
