/** Main class and wiring of the gateway. */
@NullMarked
package dev.auspex.gateway.app;

import org.jspecify.annotations.NullMarked;
