/** Runs one job on one slot's thread, from decoded record to terminal event. */
@NullMarked
package dev.auspex.executor.run;

import org.jspecify.annotations.NullMarked;
