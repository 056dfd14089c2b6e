/** What models that make pictures and videos share: rows on several threads, frames on their way to and from a device. */
@NullMarked
package dev.auspex.executor.models.render;

import org.jspecify.annotations.NullMarked;
