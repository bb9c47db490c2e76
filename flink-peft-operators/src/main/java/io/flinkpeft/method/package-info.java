/**
 * What can be tuned: one configuration record a method, and the file formats of Hugging Face PEFT.
 *
 * <p>May import the JDK, Jackson, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method;
