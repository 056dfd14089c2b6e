/** Models that come with the executor. */
@NullMarked
package dev.auspex.executor.models;

import org.jspecify.annotations.NullMarked;
