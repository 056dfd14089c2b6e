/** Takes jobs from a share group, keeps their locks, acknowledges them; sends events. */
@NullMarked
package dev.auspex.executor.kafka;

import org.jspecify.annotations.NullMarked;
