/** What is asked of the platform: the records of the {@code commands} topic. */
@NullMarked
package dev.auspex.protocol.command;

import org.jspecify.annotations.NullMarked;
