/** Finds an ffmpeg executable. */
@NullMarked
package dev.auspex.executor.ffmpeg;

import org.jspecify.annotations.NullMarked;
