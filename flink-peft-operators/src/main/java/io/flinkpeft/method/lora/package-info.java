/**
 * LoRA and its forms: settings, how it attaches to a base model, what it starts from, how it stands
 * in PEFT's files. The formulas are in {@code kernels/lora.py}, {@code dora.py}, {@code pissa.py},
 * {@code lora_optimizer.py} and {@code lora_embedding.py} there.
 *
 * <p>May import {@code io.flinkpeft.method} and {@code io.flinkpeft.adapter}.
 */
package io.flinkpeft.method.lora;
