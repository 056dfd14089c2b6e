/** Kafka clients with the platform's settings, topic set-up and tailing. */
@NullMarked
package dev.auspex.runtime.kafka;

import org.jspecify.annotations.NullMarked;
