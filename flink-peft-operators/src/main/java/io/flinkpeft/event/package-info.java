/**
 * What flows on streams: examples in, prequential results and rejected records out.
 *
 * <p>May import the JDK only.
 */
package io.flinkpeft.event;
