/** A dispatcher on a real broker and a scripted receiver. */
@NullMarked
package dev.auspex.dispatcher.testing;

import org.jspecify.annotations.NullMarked;
