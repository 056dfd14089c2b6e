/** Replays: which ended predictions a replay takes, what jobs it makes of them, and the runner that submits them exactly once. */
@NullMarked
package dev.auspex.router.replay;

import org.jspecify.annotations.NullMarked;
