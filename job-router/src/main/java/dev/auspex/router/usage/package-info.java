/** Adding usage up from the records of its topic. */
@NullMarked
package dev.auspex.router.usage;

import org.jspecify.annotations.NullMarked;
