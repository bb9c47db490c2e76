/** Benchmarks side by side with their Python peers; {@code examples/benchmarks} runs them. */
package io.flinkpeft.example.benchmark;
