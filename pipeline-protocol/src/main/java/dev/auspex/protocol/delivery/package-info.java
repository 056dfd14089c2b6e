/** Webhook deliveries as they travel between the dispatcher's stages. */
@NullMarked
package dev.auspex.protocol.delivery;

import org.jspecify.annotations.NullMarked;
