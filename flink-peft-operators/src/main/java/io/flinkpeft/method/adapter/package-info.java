/**
 * Bottleneck adapters: small networks with a nonlinearity beside or behind a sublayer. The formulas
 * are in {@code kernels/bottleneck.py}.
 *
 * <p>May import {@code io.flinkpeft.method} and {@code io.flinkpeft.adapter}.
 */
package io.flinkpeft.method.adapter;
