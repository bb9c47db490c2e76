/**
 * Records in JSON: what the topics of examples and the files of the command line have in common.
 *
 * <p>May import Jackson and {@code event}.
 */
package io.flinkpeft.json;
