/** Models in Cog servers: the client of Cog's HTTP API, what receives their webhooks and files, and the servers' lives. */
@NullMarked
package dev.auspex.executor.cog;

import org.jspecify.annotations.NullMarked;
