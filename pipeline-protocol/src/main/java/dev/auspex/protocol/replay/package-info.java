/** Replays: running ended predictions again from what the topics hold. */
@NullMarked
package dev.auspex.protocol.replay;

import org.jspecify.annotations.NullMarked;
