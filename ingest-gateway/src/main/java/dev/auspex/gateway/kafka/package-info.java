/** The gateway's side of Kafka: writing jobs and commands, following the catalogue. */
@NullMarked
package dev.auspex.gateway.kafka;

import org.jspecify.annotations.NullMarked;
