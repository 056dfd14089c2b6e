/** One Kafka broker inside the JVM. */
@NullMarked
package dev.auspex.broker;

import org.jspecify.annotations.NullMarked;
