/** Signed requests to receivers, over addresses that were checked. */
@NullMarked
package dev.auspex.dispatcher.http;

import org.jspecify.annotations.NullMarked;
