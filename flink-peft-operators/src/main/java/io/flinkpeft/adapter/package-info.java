/**
 * An adapter in its three forms: {@link io.flinkpeft.adapter.AdapterState} trains, {@link
 * io.flinkpeft.adapter.AdapterVersion} is published and served; the export to PEFT directories is
 * in {@code io.flinkpeft.method}.
 *
 * <p>May import the JDK only.
 */
package io.flinkpeft.adapter;
