/// All that is recorded: the state, the events that change it, and how each does.
@NullMarked
package dev.slipway.core.state;

import org.jspecify.annotations.NullMarked;
