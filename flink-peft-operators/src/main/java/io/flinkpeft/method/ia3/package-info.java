/**
 * (IA)³: its settings, how they stand in PEFT's files and how it attaches to a base model. The
 * formula is in {@code kernels/ia3.py}.
 *
 * <p>May import {@code io.flinkpeft.method} and {@code io.flinkpeft.adapter}.
 */
package io.flinkpeft.method.ia3;
