/** The built-in model {@code scene-video}: a text and a seed become a ray-marched video. */
@NullMarked
package dev.auspex.executor.models.scene;

import org.jspecify.annotations.NullMarked;
