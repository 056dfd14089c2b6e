/** The product from outside: a real process, real HTTP, the official client, kills. Nothing here calls Auspex's classes. */
@NullMarked
package dev.auspex.system;

import org.jspecify.annotations.NullMarked;
