/**
 * What flows on streams: examples, feedback, controls and heartbeats in, prequential results and
 * rejected records out.
 *
 * <p>May import the JDK only.
 */
package io.flinkpeft.event;
