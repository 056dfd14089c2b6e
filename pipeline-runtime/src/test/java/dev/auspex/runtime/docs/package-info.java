/** Keeps the generated pages of the docs true. */
@NullMarked
package dev.auspex.runtime.docs;

import org.jspecify.annotations.NullMarked;
