/** Decisions about requests: pure, no I/O. */
@NullMarked
package dev.auspex.gateway.domain;

import org.jspecify.annotations.NullMarked;
