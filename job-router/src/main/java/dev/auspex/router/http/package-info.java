/** The internal HTTP interface for gateways and for other routers. */
@NullMarked
package dev.auspex.router.http;

import org.jspecify.annotations.NullMarked;
