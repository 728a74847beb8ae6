/// Whether what clients saw of writes and reads could have happened one after the other.
@NullMarked
package dev.slipway.core.linearizability;

import org.jspecify.annotations.NullMarked;
