/** Pictures in, H.264 out: what every video model needs besides its own mathematics. */
@NullMarked
package dev.auspex.executor.video;

import org.jspecify.annotations.NullMarked;
