/** Wiring and main of the executor. */
@NullMarked
package dev.auspex.executor.app;

import org.jspecify.annotations.NullMarked;
