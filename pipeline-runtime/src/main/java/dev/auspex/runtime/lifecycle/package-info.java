/** How a service starts, says that it is ready, drains and stops. */
@NullMarked
package dev.auspex.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
