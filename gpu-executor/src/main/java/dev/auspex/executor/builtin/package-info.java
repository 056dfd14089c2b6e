/** Built-in models: discovery, published schema, binding of inputs. */
@NullMarked
package dev.auspex.executor.builtin;

import org.jspecify.annotations.NullMarked;
