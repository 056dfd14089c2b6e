/** The life of a prediction: states, what can happen to it, and the one table that decides. No I/O. */
@NullMarked
package dev.auspex.router.domain;

import org.jspecify.annotations.NullMarked;
