/** Topics in and out: first attempts, the retry scheduler, retry senders, results. */
@NullMarked
package dev.auspex.dispatcher.kafka;

import org.jspecify.annotations.NullMarked;
