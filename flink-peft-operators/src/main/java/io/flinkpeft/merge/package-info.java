/**
 * Merging an adapter into its base model, and combining adapters into one. Works on the names of
 * tensors alone, so for every architecture. May import DJL, Jackson, {@code model}, {@code engine},
 * {@code method} and {@code safetensors}; not Flink.
 */
package io.flinkpeft.merge;
