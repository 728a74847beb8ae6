/// The search for a place, on arrays: which node suits a request best, exactly and fast.
///
/// Nothing here knows of apps, events or clocks. A {@link dev.slipway.core.scheduling.NodeTable}
/// holds what nodes have and what is left of it, a
/// {@link dev.slipway.core.scheduling.Shape} is what equal requests share, and a
/// {@link dev.slipway.core.scheduling.Scheduler} finds the best node for it. What is kept from one
/// decision to the next is a cache: the answers depend on what stands where, and on nothing else.
/// For one thread.
@NullMarked
package dev.slipway.core.scheduling;

import org.jspecify.annotations.NullMarked;
