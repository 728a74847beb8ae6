/// Runs tasks as pods that the platform's own scheduler has placed.
@NullMarked
package dev.slipway.engine.kubernetes;

import org.jspecify.annotations.NullMarked;
