/** The HTTP edge: routes, authentication, errors. */
@NullMarked
package dev.auspex.gateway.http;

import org.jspecify.annotations.NullMarked;
