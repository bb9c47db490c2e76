/**
 * Fixtures for tests and examples: a real Kafka broker, in this JVM or in one that can be killed; a
 * Flink cluster and ZooKeeper in JVMs of their own.
 */
package io.flinkpeft.testing;
