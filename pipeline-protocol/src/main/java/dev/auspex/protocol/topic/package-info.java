/** The one list of topics, their settings and record headers. */
@NullMarked
package dev.auspex.protocol.topic;

import org.jspecify.annotations.NullMarked;
