/**
 * What can be tuned: one configuration record a method, and the file formats of Hugging Face PEFT.
 *
 * <p>Start with {@link io.flinkpeft.method.LoraConfig}. {@link io.flinkpeft.method.TargetMatcher}
 * says which layers of a model a configuration means, {@link io.flinkpeft.method.PeftDirectory}
 * reads and writes the directories that PEFT's {@code save_pretrained} makes.
 *
 * <p>May import the JDK, Jackson, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method;
