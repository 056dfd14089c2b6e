/** What integration tests share: a real Kafka broker per test JVM. */
@NullMarked
package dev.auspex.testing;

import org.jspecify.annotations.NullMarked;
