/** What the quick start, the comparison of methods and the benchmarks share. */
package io.flinkpeft.example;
