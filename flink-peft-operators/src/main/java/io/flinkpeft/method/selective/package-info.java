/**
 * Methods that train some of the base's own tensors: BitFit, Freeze and full fine-tuning. A row
 * holds copies of them, which start as the base's; they need no program text, but each adapter goes
 * through the kernel alone.
 *
 * <p>May import {@code io.flinkpeft.method} and {@code io.flinkpeft.adapter}.
 */
package io.flinkpeft.method.selective;
