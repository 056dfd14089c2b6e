/** What gateways ask of the dispatcher over HTTP: the delivery log and redeliveries. */
@NullMarked
package dev.auspex.dispatcher.api;

import org.jspecify.annotations.NullMarked;
