/// What probes say about an instance, folded into its health.
@NullMarked
package dev.slipway.core.health;

import org.jspecify.annotations.NullMarked;
