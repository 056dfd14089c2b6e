/** The rules every module keeps, checked on all of them at once. */
@NullMarked
package dev.auspex.system.house;

import org.jspecify.annotations.NullMarked;
