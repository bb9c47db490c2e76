/**
 * AdapterFusion: attention over frozen bottleneck adapters. The formulas are in {@code
 * kernels/fusion.py}.
 *
 * <p>Start with {@link io.flinkpeft.method.fusion.FusionConfig}. May import what {@code
 * io.flinkpeft.method.bottleneck} may, and that package.
 */
package io.flinkpeft.method.fusion;
