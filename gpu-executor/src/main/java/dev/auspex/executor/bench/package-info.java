/** {@code ./auspex bench gpu}: how fast the built-in models are on this machine, with a GPU and without. */
@NullMarked
package dev.auspex.executor.bench;

import org.jspecify.annotations.NullMarked;
