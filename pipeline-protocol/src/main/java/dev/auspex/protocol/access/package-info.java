/** Who may do what: the records of the {@code access} topic. */
@NullMarked
package dev.auspex.protocol.access;

import org.jspecify.annotations.NullMarked;
