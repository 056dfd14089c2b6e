/** What attempts cost: the records of the {@code usage} topic and their sums. */
@NullMarked
package dev.auspex.protocol.usage;

import org.jspecify.annotations.NullMarked;
