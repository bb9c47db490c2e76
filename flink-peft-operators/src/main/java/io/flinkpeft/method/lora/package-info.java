/**
 * LoRA: how it attaches to a base model and what it starts from. The formula is in {@code
 * kernels/lora.py}.
 *
 * <p>May import {@code io.flinkpeft.method} and {@code io.flinkpeft.adapter}.
 */
package io.flinkpeft.method.lora;
