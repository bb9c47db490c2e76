/**
 * How good predictions are: one {@link io.flinkpeft.evaluation.Evaluation} a task.
 *
 * <p>May import the JDK.
 */
package io.flinkpeft.evaluation;
