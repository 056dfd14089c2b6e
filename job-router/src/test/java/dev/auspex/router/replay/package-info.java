/** Replays against real topics. */
@NullMarked
package dev.auspex.router.replay;

import org.jspecify.annotations.NullMarked;
