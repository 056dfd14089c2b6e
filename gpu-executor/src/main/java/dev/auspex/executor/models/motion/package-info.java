/** The built-in model {@code motion-video}: a picture in, a camera move over it out. */
@NullMarked
package dev.auspex.executor.models.motion;

import org.jspecify.annotations.NullMarked;
