/** The command line for webhooks: receive, verify, look back, send again. */
@NullMarked
package dev.auspex.standalone.webhooks;

import org.jspecify.annotations.NullMarked;
