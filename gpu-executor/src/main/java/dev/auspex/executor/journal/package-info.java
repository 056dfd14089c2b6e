/** What slots run, in memory-mapped files that outlive their process. */
@NullMarked
package dev.auspex.executor.journal;

import org.jspecify.annotations.NullMarked;
