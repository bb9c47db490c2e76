/**
 * AdapterHub's directories: bottleneck adapters, stacks and fusions of them, and their heads.
 *
 * <p>Start with {@link io.flinkpeft.method.adapterhub.AdapterHubDirectory} to read one and {@link
 * io.flinkpeft.method.adapterhub.AdapterHubWriter} to write one. May import what {@code
 * io.flinkpeft.method.fusion} may, and that package.
 */
package io.flinkpeft.method.adapterhub;
