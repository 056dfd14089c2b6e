/** Decisions without input or output: pace, cancellations, log text, progress lines. */
@NullMarked
package dev.auspex.executor.domain;

import org.jspecify.annotations.NullMarked;
