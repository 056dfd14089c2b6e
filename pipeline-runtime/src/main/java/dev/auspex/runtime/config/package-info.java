/** Configuration: one list of keys, read from environment and file, every problem reported at once. */
@NullMarked
package dev.auspex.runtime.config;

import org.jspecify.annotations.NullMarked;
