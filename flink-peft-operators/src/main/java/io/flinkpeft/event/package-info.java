/**
 * What flows on streams: examples and controls in, prequential results and rejected records out.
 *
 * <p>May import the JDK only.
 */
package io.flinkpeft.event;
