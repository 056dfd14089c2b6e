/** Models and their versions: the records of the {@code catalog} topic. */
@NullMarked
package dev.auspex.protocol.catalog;

import org.jspecify.annotations.NullMarked;
