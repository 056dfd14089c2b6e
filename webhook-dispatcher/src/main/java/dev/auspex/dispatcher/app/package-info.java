/** Main and wiring. */
@NullMarked
package dev.auspex.dispatcher.app;

import org.jspecify.annotations.NullMarked;
