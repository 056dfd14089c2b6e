/** Keys derived from the installation's one secret. */
@NullMarked
package dev.auspex.runtime.security;

import org.jspecify.annotations.NullMarked;
