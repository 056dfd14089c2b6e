/** HTTP between the services: asking each other, and the management endpoint of a service that runs alone. */
@NullMarked
package dev.auspex.runtime.http;

import org.jspecify.annotations.NullMarked;
