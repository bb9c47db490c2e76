/**
 * What can be tuned: the interface of a method's configuration, and what all methods share. Each
 * method has its own package below.
 *
 * <p>Start with {@link io.flinkpeft.method.PeftConfig}. {@link io.flinkpeft.method.AttachedMethod}
 * is how a method attaches to a base, {@link io.flinkpeft.method.TargetMatcher} says which layers
 * of a model a configuration means.
 *
 * <p>May import the JDK, Jackson, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method;
