/** The public interface for models that run inside an executor. */
@NullMarked
package dev.auspex.model;

import org.jspecify.annotations.NullMarked;
