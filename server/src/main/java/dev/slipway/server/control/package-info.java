/// The one thread that owns the state, and what carries out its decisions.
@NullMarked
package dev.slipway.server.control;

import org.jspecify.annotations.NullMarked;
