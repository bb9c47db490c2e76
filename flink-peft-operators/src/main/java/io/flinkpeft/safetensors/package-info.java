/**
 * The safetensors file format: a strict reader, which checks every size before it is used, and a
 * writer whose bytes are those of the reference implementation.
 *
 * <p>Start with {@link io.flinkpeft.safetensors.SafetensorsFile} and {@link
 * io.flinkpeft.safetensors.SafetensorsWriter}. May import the JDK and Jackson.
 */
package io.flinkpeft.safetensors;
