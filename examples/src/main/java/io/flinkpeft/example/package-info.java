/** The quick start and the benchmarks. */
package io.flinkpeft.example;
