/** Which addresses the platform may call on behalf of users. */
@NullMarked
package dev.auspex.runtime.net;

import org.jspecify.annotations.NullMarked;
