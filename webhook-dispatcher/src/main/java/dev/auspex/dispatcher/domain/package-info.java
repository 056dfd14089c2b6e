/** The decisions: what to send when, what to retry, which offsets are done. No I/O. */
@NullMarked
package dev.auspex.dispatcher.domain;

import org.jspecify.annotations.NullMarked;
