/** The load driver and webhook receiver: measures a running installation from outside and counts what got lost. */
@NullMarked
package dev.auspex.benchmarks;

import org.jspecify.annotations.NullMarked;
