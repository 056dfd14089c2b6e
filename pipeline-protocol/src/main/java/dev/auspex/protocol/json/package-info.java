/** How the shared records become JSON and back. */
@NullMarked
package dev.auspex.protocol.json;

import org.jspecify.annotations.NullMarked;
