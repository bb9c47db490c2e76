/**
 * What the codec of a method is, which reads and writes the method's files, and what all codecs are
 * made of: JSON as Python writes it, PEFT's adapters, changes of weights that can be merged.
 *
 * <p>Start with {@link io.flinkpeft.method.codec.PeftConfigCodec}. The codecs are listed in {@code
 * io.flinkpeft.method.file}. May import the JDK, Jackson, {@code io.flinkpeft.method} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.codec;
