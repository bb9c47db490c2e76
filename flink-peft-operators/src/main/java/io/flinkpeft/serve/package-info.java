/**
 * How predictions get adapter versions without knowing where these are kept: a service interface
 * that connectors implement, joined by {@link java.util.ServiceLoader}.
 *
 * <p>May import the JDK and {@code io.flinkpeft.adapter}.
 */
package io.flinkpeft.serve;
