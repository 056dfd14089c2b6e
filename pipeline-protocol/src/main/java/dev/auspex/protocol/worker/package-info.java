/** How workers stand, as they say themselves every few seconds. */
@NullMarked
package dev.auspex.protocol.worker;

import org.jspecify.annotations.NullMarked;
