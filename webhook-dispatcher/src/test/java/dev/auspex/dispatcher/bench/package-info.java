/** Measurements, run by hand. */
@NullMarked
package dev.auspex.dispatcher.bench;

import org.jspecify.annotations.NullMarked;
