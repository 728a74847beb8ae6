/// Which running instances to move so that nodes become free and rules hold again: a plan, and what
/// became of it.
@NullMarked
package dev.slipway.core.rebalancing;

import org.jspecify.annotations.NullMarked;
