/** Where uploaded and produced files are kept. */
@NullMarked
package dev.auspex.runtime.files;

import org.jspecify.annotations.NullMarked;
