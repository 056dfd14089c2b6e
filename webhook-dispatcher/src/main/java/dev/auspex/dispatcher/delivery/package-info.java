/** The event loop that owns all attempts under way. */
@NullMarked
package dev.auspex.dispatcher.delivery;

import org.jspecify.annotations.NullMarked;
