package io.flinkpeft.adapter;

/**
 * From one step on an adapter was trained under other numerics.
 *
 * @param step the last step under the former ones
 * @param former the numerics up to this step
 */
public record NumericsChange(long step, Numerics former) {}
