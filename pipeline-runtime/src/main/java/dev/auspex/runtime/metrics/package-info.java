/** The one catalogue of metrics. */
@NullMarked
package dev.auspex.runtime.metrics;

import org.jspecify.annotations.NullMarked;
