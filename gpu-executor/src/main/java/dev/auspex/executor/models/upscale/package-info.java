/** The built-in model {@code upscale}: pictures and videos larger, and cleaner when asked for. */
@NullMarked
package dev.auspex.executor.models.upscale;

import org.jspecify.annotations.NullMarked;
