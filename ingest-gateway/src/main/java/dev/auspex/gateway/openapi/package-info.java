/** The OpenAPI document: what is served, and what requests are checked against. */
@NullMarked
package dev.auspex.gateway.openapi;

import org.jspecify.annotations.NullMarked;
