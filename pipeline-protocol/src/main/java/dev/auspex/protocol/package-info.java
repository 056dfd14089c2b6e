/** Ids, the accepted job and the prediction that clients see: the words every service shares. */
@NullMarked
package dev.auspex.protocol;

import org.jspecify.annotations.NullMarked;
