/** Which hardware class this machine serves. */
@NullMarked
package dev.auspex.executor.hardware;

import org.jspecify.annotations.NullMarked;
