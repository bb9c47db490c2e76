/**
 * The files of Hugging Face PEFT: {@code adapter_config.json} and the directories that its {@code
 * save_pretrained} makes.
 *
 * <p>Start with {@link io.flinkpeft.method.file.PeftDirectory}. May import the JDK, Jackson, {@code
 * io.flinkpeft.safetensors}, {@code io.flinkpeft.method} and the methods' packages, whose codecs it
 * lists.
 */
package io.flinkpeft.method.file;
