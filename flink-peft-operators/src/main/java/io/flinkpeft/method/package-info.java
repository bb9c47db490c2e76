/**
 * What can be tuned: the interface of a method's settings, of the method once it is attached to a
 * base, and of that base. Each method has its own package below.
 *
 * <p>Start with {@link io.flinkpeft.method.PeftConfig}. {@link io.flinkpeft.method.AttachedMethod}
 * is a method attached to a base.
 *
 * <p>May import the JDK, {@code io.flinkpeft.adapter} and {@code io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method;
