/**
 * What is asked of a text: a {@link io.flinkpeft.task.Task} is what adapters are trained for, an
 * {@link io.flinkpeft.task.Inference} what they are asked, a {@link io.flinkpeft.task.Prediction}
 * what they answer.
 *
 * <p>May import Jackson, {@code event}, {@code evaluation}, {@code method} and {@code model}; not
 * Flink, and no tensor of DJL.
 */
package io.flinkpeft.task;
