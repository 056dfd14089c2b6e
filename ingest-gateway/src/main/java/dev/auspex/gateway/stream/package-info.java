/** Live event streams (SSE) of predictions. */
@NullMarked
package dev.auspex.gateway.stream;

import org.jspecify.annotations.NullMarked;
