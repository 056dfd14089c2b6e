/** The stream processor, its store, and what can be read from it. */
@NullMarked
package dev.auspex.router.kafka;

import org.jspecify.annotations.NullMarked;
