/// The port to what runs tasks. Adapters implement it; the core only speaks of it.
@NullMarked
package dev.slipway.core.engine;

import org.jspecify.annotations.NullMarked;
