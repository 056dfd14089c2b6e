/** The Files API and the downloads of what models produced. */
@NullMarked
package dev.auspex.gateway.files;

import org.jspecify.annotations.NullMarked;
