/** Kills the processes of a training cluster at seeded moments and compares what it publishes. */
package io.flinkpeft.example.chaos;
