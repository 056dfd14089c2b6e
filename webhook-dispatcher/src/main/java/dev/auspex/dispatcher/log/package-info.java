/** The delivery log: an index over {@code delivery-results} that answers who was told what, when, and with which result. */
@NullMarked
package dev.auspex.dispatcher.log;

import org.jspecify.annotations.NullMarked;
