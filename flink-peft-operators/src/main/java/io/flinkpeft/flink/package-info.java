/** The trainer operator. May import Flink and the packages below it; no DJL. */
package io.flinkpeft.flink;
