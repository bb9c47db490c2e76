package io.flinkpeft.method;

import io.flinkpeft.adapter.TensorLayout;

/**
 * Tensors of a file that a method reads and never changes, such as an adapter that another one
 * stands on. They are no part of a row: the engine keeps them beside the base's own tensors, once
 * for all adapters.
 *
 * @param file a safetensors file
 * @param sha256 of its bytes, hex
 * @param tensors which of it, in the order in which the kernel finds them behind the base's
 */
public record FrozenTensors(String file, String sha256, TensorLayout tensors) {}
