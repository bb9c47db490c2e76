/** Main classes and the command line: the only place where operators and connectors meet. */
package io.flinkpeft.job;
