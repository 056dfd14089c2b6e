/**
 * The chaos harness: real processes, load with a ledger, random faults from a printed seed, and counts at the end. Sees the
 * product only from outside, through its command line, its API and its webhooks.
 */
@NullMarked
package dev.auspex.chaos;

import org.jspecify.annotations.NullMarked;
