/**
 * The quick start: a stream of WordNet glosses whose classes drift, a LoRA adapter that learns from
 * it in Flink, and SQL that predicts the same records with the adapter's newest version.
 *
 * <p>Start with {@link io.flinkpeft.example.quickstart.Quickstart}.
 */
package io.flinkpeft.example.quickstart;
