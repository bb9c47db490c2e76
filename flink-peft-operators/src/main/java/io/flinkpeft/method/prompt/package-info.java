/**
 * Prompt tuning: trained embeddings before a text's own. The formula is in {@code
 * kernels/prompt.py}. What prompts, prefixes and P-tuning have in common is here too.
 *
 * <p>May import {@code io.flinkpeft.method}, {@code io.flinkpeft.adapter} and {@code
 * io.flinkpeft.safetensors}.
 */
package io.flinkpeft.method.prompt;
