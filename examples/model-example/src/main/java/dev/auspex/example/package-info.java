/** An example of a model of one's own. */
@NullMarked
package dev.auspex.example;

import org.jspecify.annotations.NullMarked;
