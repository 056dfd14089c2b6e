/** The router as a service: start, stop, wiring. */
@NullMarked
package dev.auspex.router.app;

import org.jspecify.annotations.NullMarked;
