/** What executors report about an attempt: the records of the {@code events} topic. */
@NullMarked
package dev.auspex.protocol.event;

import org.jspecify.annotations.NullMarked;
