/**
 * AdaLoRA: its settings, the schedule of its budget, how they stand in PEFT's files, how it
 * attaches to a base model and what of it is saved. The formulas are in {@code kernels/adalora.py}.
 *
 * <p>May import {@code io.flinkpeft.method}, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.adalora;
