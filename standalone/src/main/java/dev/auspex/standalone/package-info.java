/** Everything in one JVM, and the command line. */
@NullMarked
package dev.auspex.standalone;

import org.jspecify.annotations.NullMarked;
