/**
 * Fixtures for tests and examples: a real Kafka broker, in this JVM or in one that can be killed.
 */
package io.flinkpeft.testing;
