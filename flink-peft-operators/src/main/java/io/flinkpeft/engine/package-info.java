/**
 * The frozen base on a device: libtorch through DJL, TorchScript programs, memory scopes. May
 * import DJL, {@code method}, {@code adapter} and {@code safetensors}; not Flink.
 */
package io.flinkpeft.engine;
