/** The built-in model {@code tiny-text}: a small Llama-style transformer that streams its text. */
@NullMarked
package dev.auspex.executor.models.text;

import org.jspecify.annotations.NullMarked;
