/** Tests of the driver: its checks must be able to fail. */
@NullMarked
package dev.auspex.benchmarks;

import org.jspecify.annotations.NullMarked;
