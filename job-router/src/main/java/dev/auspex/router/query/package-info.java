/** What the gateways can ask, in terms neither of Kafka nor of HTTP. */
@NullMarked
package dev.auspex.router.query;

import org.jspecify.annotations.NullMarked;
