/// Immutable collections that share what did not change.
@NullMarked
package dev.slipway.core.collection;

import org.jspecify.annotations.NullMarked;
