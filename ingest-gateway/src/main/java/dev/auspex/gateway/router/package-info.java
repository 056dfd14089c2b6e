/** Asking the routers what they know of predictions. */
@NullMarked
package dev.auspex.gateway.router;

import org.jspecify.annotations.NullMarked;
